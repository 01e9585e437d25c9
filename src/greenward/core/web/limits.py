"""How often one address may do what nobody signs in for. Counted per server process."""

import hashlib

from allauth.account.adapter import get_adapter
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from greenward.core.errors import TooManyRequestsError


def check_rate(request: HttpRequest, what: str, *, most: int, seconds: int) -> None:
    """Raise TooManyRequestsError beyond ``most`` calls from one address within ``seconds``.

    The address is kept as a digest, and only as long as it counts.
    """
    try:
        address = str(get_adapter().get_client_ip(request))
    except PermissionDenied:
        address = ""
    key = f"rate/{what}/{hashlib.sha256(address.encode()).hexdigest()[:32]}"
    cache.add(key, 0, seconds)
    if cache.incr(key) > most:
        raise TooManyRequestsError(
            _("这个地址在短时间内提交得太多。"), hint=_("请过一会儿再试，或按公示联系受理单位。")
        )
