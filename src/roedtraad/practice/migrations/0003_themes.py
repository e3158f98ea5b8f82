"""Our own short list of themes, and the sides of the ICS triangle for children: what an assessment can go by at once.

The FFB list is not shipped; `roedtraad terminology load` reads it.
"""

from django.db import migrations

# code, name, explanation
SHORT = (
    ("everyday", "Hverdagen hjemme", "Mad, oprydning, tøjvask og indkøb."),
    ("self_care", "Krop og egenomsorg", "Bad, tøj, måltider og at passe på sig selv."),
    ("health", "Helbred", "Sygdom, medicin, tænder, motion og kontakt med læge."),
    ("mind", "Sind og følelser", "Humør, uro, angst og hvad der giver ro."),
    ("thinking", "Tanke og overblik", "At huske, planlægge, komme i gang og holde fast."),
    ("communication", "At forstå og blive forstået", "Tale, tegn, billeder, skrift og hjælpemidler."),
    ("relations", "Mennesker omkring mig", "Familie, venner, kæreste og naboer."),
    ("getting_about", "At komme omkring", "Gå, køre, tage bussen og finde vej."),
    ("occupation", "Skole, arbejde og aktivitet", "Dagens indhold og det, man kan bidrage med."),
    ("leisure", "Fritid og interesser", "Det, der giver glæde, alene og sammen med andre."),
    ("money_home", "Penge, post og bolig", "Økonomi, breve fra det offentlige og at bo."),
    ("sleep_habits", "Søvn og vaner", "Døgnrytme, tobak, alkohol og stoffer."),
)
# code, name, explanation, parts (code, name)
ICS = (
    (
        "development",
        "Barnets udvikling",
        "Hvordan barnet trives og udvikler sig.",
        (
            ("child_health", "Sundhed"),
            ("child_learning", "Skole og læring"),
            ("child_feelings", "Følelser og adfærd"),
            ("child_identity", "Identitet"),
            ("child_relations", "Familie og venner"),
            ("child_appearance", "At møde andre"),
            ("child_independence", "At klare sig selv"),
        ),
    ),
    (
        "parenting",
        "Forældrenes kompetencer",
        "Hvad forældrene kan give barnet.",
        (
            ("parent_care", "Omsorg i hverdagen"),
            ("parent_safety", "Sikkerhed"),
            ("parent_warmth", "Varme og nærhed"),
            ("parent_stimulation", "At vække nysgerrighed"),
            ("parent_guidance", "Vejledning og grænser"),
            ("parent_stability", "Stabilitet"),
        ),
    ),
    (
        "family",
        "Familie og omgivelser",
        "Hvad der er omkring barnet og forældrene.",
        (
            ("family_history", "Familiens historie"),
            ("family_wider", "Den øvrige familie"),
            ("family_housing", "Bolig"),
            ("family_work", "Arbejde"),
            ("family_money", "Økonomi"),
            ("family_belonging", "Venner og naboer"),
            ("family_area", "Muligheder i nærområdet"),
        ),
    ),
)


def load(apps, schema_editor):
    Theme = apps.get_model("practice", "Theme")
    for number, (code, name, definition) in enumerate(SHORT, start=1):
        Theme.objects.create(
            list="short", code=code, number=number, name=name, definition=definition, is_activity=True
        )
    number = 0
    for code, name, definition, parts in ICS:
        number += 1
        side = Theme.objects.create(list="ics", code=code, number=number, name=name, definition=definition)
        for part, words in parts:
            number += 1
            Theme.objects.create(list="ics", code=part, number=number, name=words, parent=side)


def unload(apps, schema_editor):
    themes = apps.get_model("practice", "Theme").objects.filter(list__in=["short", "ics"])
    themes.filter(parent__isnull=False).delete()
    themes.delete()


class Migration(migrations.Migration):
    dependencies = [("practice", "0002_rows")]

    operations = [migrations.RunPython(load, unload)]
