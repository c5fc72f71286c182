"""The pages about the system itself."""

from fastapi import APIRouter

from services.portal.staff import audit_routes, catalogue_routes, system_routes

router = APIRouter()
router.include_router(system_routes.router)
router.include_router(audit_routes.router)
router.include_router(catalogue_routes.router)
