"""Addresses of single stays, citizens and places."""

from django.urls import path

from roedtraad.journeys import views_citizens, views_protected, views_stays

urlpatterns = [
    path("book/", views_stays.book, name="book"),
    path("ophold/<int:pk>/ret/", views_stays.change, name="stay-change"),
    path("ophold/<int:pk>/flyttet-ind/", views_stays.start, name="stay-start"),
    path("ophold/<int:pk>/flyttet-ud/", views_stays.end, name="stay-end"),
    path("ophold/<int:pk>/flyt/", views_stays.move, name="stay-move"),
    path("ophold/<int:pk>/betaler/", views_stays.payer, name="stay-payer"),
    path("ophold/<int:pk>/fortryd-booking/", views_stays.withdraw, name="stay-withdraw"),
    path("ophold/<int:pk>/fortryd/", views_stays.undo, name="stay-undo"),
    path("borgere/", views_citizens.citizens, name="citizens"),
    path("borgere/soeg/", views_citizens.search, name="citizens-search"),
    path("borgere/<uuid:key>/", views_citizens.citizen, name="citizen"),
    path("borgere/uden-for-din-enhed/", views_protected.emergency, name="emergency"),
    path("borgere/<uuid:key>/beskyttelse/", views_protected.protection, name="protection"),
    path("borgere/<uuid:key>/beskyttelse/slut/", views_protected.protection_end, name="protection-end"),
    path("borgere/<uuid:key>/saerlige-oplysninger/", views_protected.facts, name="facts"),
    path("saerlige-oplysninger/<int:pk>/slut/", views_protected.fact_end, name="fact-end"),
    path("plads/<int:pk>/", views_citizens.place, name="place"),
]
