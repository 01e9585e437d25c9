"""``/api/v1/certification``: the routers of the module."""

from ninja import Router

from greenward.certification.api import applications

router = Router(tags=["certification"])
router.add_router("", applications.router)
