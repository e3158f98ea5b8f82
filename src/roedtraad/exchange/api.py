"""The REST API, put together from each app's part."""

from __future__ import annotations

from roedtraad.access.tokens import TokenAuth
from roedtraad.citizens.api.access_log import router as access_log_router
from roedtraad.citizens.network.api import router as network_router
from roedtraad.duty.api import router as duty_router
from roedtraad.exchange.api_frame import Api, PerToken, install
from roedtraad.exchange.fhir.api import router as fhir_router
from roedtraad.journeys.api import router as journeys_router
from roedtraad.organisation.api import router as organisation_router
from roedtraad.organisation.scenarios.api import router as scenarios_router
from roedtraad.people.api import router as people_router
from roedtraad.practice.api.routers import ROUTERS as PRACTICE_ROUTERS
from roedtraad.steering.api import router as steering_router

api = Api(
    title="Rødtråd",
    version="1",
    description=(
        "Tal og oplysninger fra Rødtråd. Hvert kald har en nøgle: »Authorization: Bearer …«. Lister giver "
        '{"items": […], "next": markør eller null}; næste side hentes med »after«. Datoer er ÅÅÅÅ-MM-DD, og '
        '»valid_to« er den første dag, der ikke gælder. Et afslag er altid {"detail": en sætning}.'
    ),
    urls_namespace="api-1",
    auth=TokenAuth(),
    throttle=PerToken(),
    docs_url=None,
    servers=[{"url": "/", "description": "Denne server"}],
)
install(api)
api.add_router("", journeys_router)
api.add_router("", people_router)
api.add_router("", organisation_router)
api.add_router("", scenarios_router)
api.add_router("", steering_router)
for practice_router in PRACTICE_ROUTERS:
    api.add_router("", practice_router)
api.add_router("", network_router)
api.add_router("", duty_router)
api.add_router("", access_log_router)
api.add_router("", fhir_router)
