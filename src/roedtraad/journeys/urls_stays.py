"""Addresses of single stays, citizens and places."""

from django.urls import path

from roedtraad.journeys import views_citizens, views_stays

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
    path("borgere/<uuid:key>/hvem-har-set/", views_citizens.lookups, name="citizen-lookups"),
    path("plads/<int:pk>/", views_citizens.place, name="place"),
]
