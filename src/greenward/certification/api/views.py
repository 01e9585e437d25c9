"""``/api/v1/certification``: the routers of the module."""

from ninja import Router

from greenward.certification.api import applications, batches, rechecks, titles

router = Router(tags=["certification"])
for part in (applications, batches, titles, rechecks):
    router.add_router("", part.router)
