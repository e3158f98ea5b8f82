"""Pages of a citizen's relations and network map."""

from django.urls import path

from roedtraad.citizens.network import views as network
from roedtraad.citizens.relations import views as relations

app_name = "citizens"

urlpatterns = [
    path("<uuid:key>/netvaerk/", network.network, name="network"),
    path("<uuid:key>/netvaerk/nyt/", network.draw, name="network-draw"),
    path("<uuid:key>/netvaerk/person/", network.person_add, name="network-add"),
    path("<uuid:key>/netvaerk/person/<uuid:person>/", network.person_edit, name="network-person"),
    path("<uuid:key>/netvaerk/person/<uuid:person>/fjern/", network.person_remove, name="network-remove"),
    path("<uuid:key>/netvaerk/flyt/", network.move, name="network-move"),
    path("<uuid:key>/netvaerk/spred/", network.spread, name="network-spread"),
    path("<uuid:key>/relationer/", relations.relations, name="relations"),
    path("<uuid:key>/relationer/ny/", relations.relation_add, name="relation-add"),
    path("<uuid:key>/relationer/<int:pk>/slut/", relations.relation_end, name="relation-end"),
    path("<uuid:key>/relationer/<int:pk>/login/", relations.relation_login, name="relation-login"),
    path("<uuid:key>/vaergemaal/nyt/", relations.guardianship_add, name="guardianship-add"),
    path("<uuid:key>/vaergemaal/<int:pk>/slut/", relations.guardianship_end, name="guardianship-end"),
    path("<uuid:key>/samtykker/nyt/", relations.consent_add, name="consent-add"),
    path("<uuid:key>/samtykker/<int:pk>/tilbage/", relations.consent_withdraw, name="consent-withdraw"),
    path("<uuid:key>/kontaktpersoner/ny/", relations.contact_add, name="contact-add"),
    path("<uuid:key>/kontaktpersoner/<int:pk>/slut/", relations.contact_end, name="contact-end"),
]
