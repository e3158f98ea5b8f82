"""The REST API, put together from each app's part."""

from __future__ import annotations

from roedtraad.access.tokens import TokenAuth
from roedtraad.exchange.api_frame import Api, PerToken, install
from roedtraad.journeys.api import router as journeys_router
from roedtraad.organisation.api import router as organisation_router
from roedtraad.organisation.scenarios.api import router as scenarios_router
from roedtraad.people.api import router as people_router
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
