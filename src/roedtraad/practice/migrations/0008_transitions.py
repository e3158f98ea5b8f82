"""Transitions and handover packages: their tables, and to whom the rows are shown.

A transition belongs to the record. From when a package is sent it is read at the end that receives it too, before the
citizen moves in, and by both ends for some time after; the history of the rows by those who read the record alone.
"""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import roedtraad.core.clock
import roedtraad.core.ids
from django.conf import settings
from django.db import migrations, models

from roedtraad.core.migrating import Together
from roedtraad.practice import passing_defaults


SYSTEM = "(SELECT access_system())"
RECORD = "citizen_id IN (SELECT journeys_record_citizens())"
WORKED = "citizen_id IN (SELECT journeys_worked_citizens())"
MINE = "written_by_id = (SELECT access_user())"

FUNCTIONS = """
-- Where the reader works or leads.
CREATE FUNCTION practice_units_of_work() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT journeys_units_now() UNION SELECT journeys_units_booked()
$$;

-- Transitions out of where the reader works, for 120 days after the change: questions come when the citizen has left.
CREATE FUNCTION practice_transitions_from() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT t.id FROM practice_transition t
    WHERE t.from_unit_id IN (SELECT practice_units_of_work())
      AND coalesce(t.happened_on, t.planned_on) + 120 >= access_today()
      AND t.citizen_id NOT IN (SELECT journeys_hidden_citizens())
$$;

-- Packages sent to where the reader works, for as long; and to the reader's municipality while it decides or pays for
-- the citizen, else while the consent it was sent by holds.
CREATE FUNCTION practice_packages_received() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.id FROM practice_handoverpackage p JOIN practice_transition t ON t.id = p.transition_id
    WHERE p.sent_at IS NOT NULL AND p.recalled_at IS NULL AND t.cancelled_on IS NULL
      AND p.citizen_id NOT IN (SELECT journeys_hidden_citizens())
      AND (
        (p.to_unit_id IN (SELECT practice_units_of_work())
            AND coalesce(t.happened_on, t.planned_on) + 120 >= access_today())
        OR (p.to_municipality_id IN (SELECT journeys_municipalities()) AND (
            p.citizen_id IN (SELECT journeys_municipal_citizens())
            OR EXISTS (
                SELECT 1 FROM citizens_consent c
                WHERE c.id = p.consent_id AND c.withdrawn_at IS NULL AND c.valid @> access_today()))))
$$;

-- The transitions of the packages sent to where the reader works; a municipality reads the package alone.
CREATE FUNCTION practice_transitions_to() RETURNS SETOF bigint LANGUAGE sql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT p.transition_id FROM practice_handoverpackage p
    WHERE p.to_unit_id IS NOT NULL AND p.id IN (SELECT practice_packages_received())
$$;
"""

NO_FUNCTIONS = """
DROP FUNCTION practice_transitions_to();
DROP FUNCTION practice_packages_received();
DROP FUNCTION practice_transitions_from();
DROP FUNCTION practice_units_of_work();
"""

FROM, TO = "(SELECT practice_transitions_from())", "(SELECT practice_transitions_to())"
RECEIVED = "(SELECT practice_packages_received())"
OF_MINE = f"transition_id IN {FROM}"
OF_BOTH = f"(transition_id IN {FROM} OR transition_id IN {TO})"
SENDERS = f"package_id IN (SELECT p.id FROM practice_handoverpackage p WHERE p.transition_id IN {FROM})"  # nosec B608  our own words


def bind(table: str, read: str, insert: str, update: str, history: bool = True) -> tuple[str, str]:
    """The SQL that binds a table and its history, and the SQL that frees them again."""
    event = f"{table}event"
    forward = f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON {table} FOR SELECT USING ({SYSTEM} OR {read});
CREATE POLICY rows_write ON {table} FOR INSERT WITH CHECK ({SYSTEM} OR ({insert}));
CREATE POLICY rows_change ON {table} FOR UPDATE USING ({SYSTEM} OR ({update}));
CREATE POLICY rows_remove ON {table} FOR DELETE USING ({SYSTEM});
"""  # nosec B608  our own words
    backward = f"""
DROP POLICY rows_remove ON {table};
DROP POLICY rows_change ON {table};
DROP POLICY rows_write ON {table};
DROP POLICY rows_read ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
    if history:
        # What a text said before it was sent is no part of what was sent.
        forward += f"""
ALTER TABLE {event} ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON {event} FOR SELECT USING ({SYSTEM} OR {RECORD});
CREATE POLICY history_write ON {event} FOR INSERT WITH CHECK ({SYSTEM} OR pg_trigger_depth() > 0);
"""  # nosec B608  our own words
        backward = f"""
DROP POLICY history_write ON {event};
DROP POLICY history_read ON {event};
ALTER TABLE {event} DISABLE ROW LEVEL SECURITY;
{backward}"""
    return forward, backward


SQL = [
    bind(
        "practice_transition",
        f"{RECORD} OR id IN {FROM} OR id IN {TO}",
        f"{WORKED} AND {MINE}",
        f"{WORKED} OR id IN {FROM}",
    ),
    *[
        bind(table, f"{RECORD} OR {OF_BOTH}", f"({WORKED} OR {OF_BOTH}) AND {MINE}", f"{WORKED} OR {OF_BOTH}")
        for table in ("practice_transitionstep", "practice_transitiontie")
    ],
    bind(
        "practice_handoverpackage",
        f"{RECORD} OR {OF_MINE} OR id IN {RECEIVED}",
        f"({WORKED} OR {OF_MINE}) AND {MINE}",
        f"{WORKED} OR {OF_MINE}",
    ),
    bind(
        "practice_packagepart",
        f"{RECORD} OR {SENDERS} OR (keep AND package_id IN {RECEIVED})",
        f"{WORKED} OR {SENDERS}",
        f"{WORKED} OR {SENDERS}",
    ),
    bind(
        "practice_packagereceipt",
        f"{RECORD} OR {SENDERS} OR package_id IN {RECEIVED}",
        f"user_id = (SELECT access_user()) AND ({WORKED} OR {SENDERS} OR package_id IN {RECEIVED})",
        "false",
        history=False,
    ),
    bind(
        "practice_packagequestion",
        f"{RECORD} OR {SENDERS} OR package_id IN {RECEIVED}",
        f"asked_by_id = (SELECT access_user()) AND ({RECORD} OR {SENDERS} OR package_id IN {RECEIVED})",
        f"{WORKED} OR {SENDERS}",
    ),
]


def write_rules(apps, _schema_editor):
    passing_defaults.write(lambda name: apps.get_model("practice", name))


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0007_network_map'),
        ('journeys', '0008_network_rows'),
        ('organisation', '0002_units_below'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('practice', '0007_reports'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='PassingRuleEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('receiver', models.CharField(choices=[('same_operator', 'et andet tilbud hos samme driftsherre'), ('acting', 'borgerens egen kommune'), ('other', 'en anden')], max_length=14, verbose_name='modtager')),
                    ('needs_consent', models.BooleanField(verbose_name='kræver samtykke')),
                    ('sentence', models.CharField(max_length=400, verbose_name='grundlag')),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gælder')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Transition',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                    ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='skrevet')),
                    ('why', models.CharField(choices=[('move', 'flytning til et andet af vores tilbud'), ('provider', 'skift til et sted uden for regionen'), ('home', 'til egen bolig'), ('adult', 'fra barn til voksen'), ('health', 'til eller fra sygehus og psykiatri'), ('coming', 'flytter ind hos os')], max_length=8, verbose_name='hvad for en overgang')),
                    ('from_outside', models.CharField(blank=True, max_length=120, verbose_name='fra et andet sted')),
                    ('to_outside', models.CharField(blank=True, max_length=120, verbose_name='til et andet sted')),
                    ('planned_on', models.DateField(verbose_name='planlagt dag')),
                    ('happened_on', models.DateField(blank=True, null=True, verbose_name='skete den')),
                    ('reason', models.TextField(blank=True, max_length=2000, verbose_name='hvorfor')),
                    ('contact', models.CharField(blank=True, max_length=200, verbose_name='kontakt det andet sted')),
                    ('own_words', models.TextField(blank=True, max_length=4000, verbose_name='borgerens egne ønsker for flytningen')),
                    ('words', models.CharField(choices=[('own', 'egne ord'), ('helped', 'egne ord, skrevet ned med hjælp'), ('interpreted', 'tolket af andre')], default='own', max_length=12, verbose_name='hvis ord')),
                    ('cancelled_on', models.DateField(blank=True, null=True, verbose_name='blev ikke til noget den')),
                    ('cancelled_reason', models.CharField(blank=True, max_length=200, verbose_name='hvorfor ikke')),
                    ('version', models.PositiveIntegerField(default=1, verbose_name='udgave')),
                ],
                options={
                    'verbose_name': 'overgang',
                    'verbose_name_plural': 'overgange',
                },
            ),
            migrations.CreateModel(
                name='TransitionEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False)),
                    ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='skrevet')),
                    ('why', models.CharField(choices=[('move', 'flytning til et andet af vores tilbud'), ('provider', 'skift til et sted uden for regionen'), ('home', 'til egen bolig'), ('adult', 'fra barn til voksen'), ('health', 'til eller fra sygehus og psykiatri'), ('coming', 'flytter ind hos os')], max_length=8, verbose_name='hvad for en overgang')),
                    ('from_outside', models.CharField(blank=True, max_length=120, verbose_name='fra et andet sted')),
                    ('to_outside', models.CharField(blank=True, max_length=120, verbose_name='til et andet sted')),
                    ('planned_on', models.DateField(verbose_name='planlagt dag')),
                    ('happened_on', models.DateField(blank=True, null=True, verbose_name='skete den')),
                    ('reason', models.TextField(blank=True, max_length=2000, verbose_name='hvorfor')),
                    ('contact', models.CharField(blank=True, max_length=200, verbose_name='kontakt det andet sted')),
                    ('own_words', models.TextField(blank=True, max_length=4000, verbose_name='borgerens egne ønsker for flytningen')),
                    ('words', models.CharField(choices=[('own', 'egne ord'), ('helped', 'egne ord, skrevet ned med hjælp'), ('interpreted', 'tolket af andre')], default='own', max_length=12, verbose_name='hvis ord')),
                    ('cancelled_on', models.DateField(blank=True, null=True, verbose_name='blev ikke til noget den')),
                    ('cancelled_reason', models.CharField(blank=True, max_length=200, verbose_name='hvorfor ikke')),
                    ('version', models.PositiveIntegerField(default=1, verbose_name='udgave')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='TransitionStep',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                    ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='skrevet')),
                    ('phase', models.CharField(choices=[('before', 'før'), ('during', 'under'), ('after', 'efter')], max_length=6, verbose_name='hvornår')),
                    ('kind', models.CharField(choices=[('step', 'skridt'), ('visit', 'besøg'), ('follow_up', 'opfølgning')], default='step', max_length=9, verbose_name='art')),
                    ('title', models.CharField(max_length=200, verbose_name='hvad')),
                    ('side', models.CharField(choices=[('from', 'der, hvor borgeren kommer fra'), ('to', 'der, hvor borgeren skal hen'), ('both', 'begge steder')], default='from', max_length=4, verbose_name='hvem')),
                    ('who', models.CharField(blank=True, max_length=120, verbose_name='navn')),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='senest')),
                    ('done_on', models.DateField(blank=True, null=True, verbose_name='gjort den')),
                    ('dropped_on', models.DateField(blank=True, null=True, verbose_name='fravalgt den')),
                    ('dropped_reason', models.CharField(blank=True, max_length=200, verbose_name='hvorfor ikke')),
                    ('note', models.TextField(blank=True, max_length=4000, verbose_name='hvad kom der ud af det')),
                    ('held', models.CharField(blank=True, choices=[('yes', 'ja, det holder'), ('partly', 'delvis'), ('no', 'nej')], max_length=6, verbose_name='holder det')),
                ],
                options={
                    'verbose_name': 'skridt i en overgang',
                    'verbose_name_plural': 'skridt i overgange',
                },
            ),
            migrations.CreateModel(
                name='TransitionStepEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False)),
                    ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='skrevet')),
                    ('phase', models.CharField(choices=[('before', 'før'), ('during', 'under'), ('after', 'efter')], max_length=6, verbose_name='hvornår')),
                    ('kind', models.CharField(choices=[('step', 'skridt'), ('visit', 'besøg'), ('follow_up', 'opfølgning')], default='step', max_length=9, verbose_name='art')),
                    ('title', models.CharField(max_length=200, verbose_name='hvad')),
                    ('side', models.CharField(choices=[('from', 'der, hvor borgeren kommer fra'), ('to', 'der, hvor borgeren skal hen'), ('both', 'begge steder')], default='from', max_length=4, verbose_name='hvem')),
                    ('who', models.CharField(blank=True, max_length=120, verbose_name='navn')),
                    ('due_on', models.DateField(blank=True, null=True, verbose_name='senest')),
                    ('done_on', models.DateField(blank=True, null=True, verbose_name='gjort den')),
                    ('dropped_on', models.DateField(blank=True, null=True, verbose_name='fravalgt den')),
                    ('dropped_reason', models.CharField(blank=True, max_length=200, verbose_name='hvorfor ikke')),
                    ('note', models.TextField(blank=True, max_length=4000, verbose_name='hvad kom der ud af det')),
                    ('held', models.CharField(blank=True, choices=[('yes', 'ja, det holder'), ('partly', 'delvis'), ('no', 'nej')], max_length=6, verbose_name='holder det')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='TransitionTie',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                    ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='skrevet')),
                    ('name', models.CharField(max_length=120, verbose_name='hvem')),
                    ('what', models.CharField(choices=[('goodbye', 'sige farvel til'), ('keep', 'beholde'), ('meet', 'lære at kende')], max_length=7, verbose_name='hvad')),
                    ('how', models.CharField(blank=True, max_length=300, verbose_name='hvordan')),
                    ('done_on', models.DateField(blank=True, null=True, verbose_name='sket den')),
                ],
                options={
                    'verbose_name': 'et menneske i en overgang',
                    'verbose_name_plural': 'mennesker i en overgang',
                },
            ),
            migrations.CreateModel(
                name='TransitionTieEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False)),
                    ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='skrevet')),
                    ('name', models.CharField(max_length=120, verbose_name='hvem')),
                    ('what', models.CharField(choices=[('goodbye', 'sige farvel til'), ('keep', 'beholde'), ('meet', 'lære at kende')], max_length=7, verbose_name='hvad')),
                    ('how', models.CharField(blank=True, max_length=300, verbose_name='hvordan')),
                    ('done_on', models.DateField(blank=True, null=True, verbose_name='sket den')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='HandoverPackage',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                    ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='skrevet')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='udgave')),
                    ('receiver', models.CharField(choices=[('same_operator', 'et andet tilbud hos samme driftsherre'), ('acting', 'borgerens egen kommune'), ('other', 'en anden')], max_length=14, verbose_name='modtager')),
                    ('to_outside', models.CharField(blank=True, max_length=120, verbose_name='til et andet sted')),
                    ('head', models.JSONField(default=dict, verbose_name='hoved')),
                    ('basis', models.CharField(blank=True, max_length=400, verbose_name='grundlag')),
                    ('informed_on', models.DateField(blank=True, null=True, verbose_name='borgeren er orienteret den')),
                    ('informed_how', models.CharField(blank=True, max_length=200, verbose_name='hvordan')),
                    ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='set igennem')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sendt')),
                    ('content_hash', models.CharField(blank=True, max_length=64, verbose_name='fingeraftryk')),
                    ('recalled_at', models.DateTimeField(blank=True, null=True, verbose_name='kaldt tilbage')),
                    ('recalled_reason', models.CharField(blank=True, max_length=200, verbose_name='hvorfor kaldt tilbage')),
                    ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger')),
                    ('consent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.consent', verbose_name='samtykke')),
                    ('recalled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='kaldt tilbage af')),
                    ('reviewed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set igennem af')),
                    ('sent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sendt af')),
                    ('to_municipality', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality', verbose_name='til kommune')),
                    ('to_unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='til tilbud')),
                    ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af')),
                ],
                options={
                    'verbose_name': 'overleveringspakke',
                    'verbose_name_plural': 'overleveringspakker',
                },
            ),
            migrations.CreateModel(
                name='HandoverPackageEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False)),
                    ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='skrevet')),
                    ('number', models.PositiveSmallIntegerField(verbose_name='udgave')),
                    ('receiver', models.CharField(choices=[('same_operator', 'et andet tilbud hos samme driftsherre'), ('acting', 'borgerens egen kommune'), ('other', 'en anden')], max_length=14, verbose_name='modtager')),
                    ('to_outside', models.CharField(blank=True, max_length=120, verbose_name='til et andet sted')),
                    ('head', models.JSONField(default=dict, verbose_name='hoved')),
                    ('basis', models.CharField(blank=True, max_length=400, verbose_name='grundlag')),
                    ('informed_on', models.DateField(blank=True, null=True, verbose_name='borgeren er orienteret den')),
                    ('informed_how', models.CharField(blank=True, max_length=200, verbose_name='hvordan')),
                    ('reviewed_at', models.DateTimeField(blank=True, null=True, verbose_name='set igennem')),
                    ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sendt')),
                    ('content_hash', models.CharField(blank=True, max_length=64, verbose_name='fingeraftryk')),
                    ('recalled_at', models.DateTimeField(blank=True, null=True, verbose_name='kaldt tilbage')),
                    ('recalled_reason', models.CharField(blank=True, max_length=200, verbose_name='hvorfor kaldt tilbage')),
                    ('citizen', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.citizen', verbose_name='borger')),
                    ('consent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.consent', verbose_name='samtykke')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='practice.handoverpackage')),
                    ('recalled_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='kaldt tilbage af')),
                    ('reviewed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='set igennem af')),
                    ('sent_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sendt af')),
                    ('to_municipality', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.municipality', verbose_name='til kommune')),
                    ('to_unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='til tilbud')),
                    ('written_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='PackagePart',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                    ('name', models.SlugField(max_length=40, verbose_name='del')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='rækkefølge')),
                    ('title', models.CharField(max_length=120, verbose_name='overskrift')),
                    ('scope', models.CharField(choices=[('wishes', 'ønsker'), ('goals', 'mål'), ('notes', 'notater'), ('calendar', 'kalender'), ('network', 'netværkskort'), ('messages', 'beskeder'), ('report', 'statusrapport'), ('photos', 'billeder')], max_length=10, verbose_name='hører under samtykket til')),
                    ('text', models.TextField(max_length=20000, verbose_name='tekst')),
                    ('made_text', models.TextField(max_length=20000, verbose_name='som journalen siger')),
                    ('sources', models.JSONField(default=list, verbose_name='kilder')),
                    ('keep', models.BooleanField(default=True, verbose_name='med i pakken')),
                    ('version', models.PositiveIntegerField(default=1, verbose_name='udgave')),
                    ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger')),
                    ('edited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='rettet af')),
                    ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='practice.handoverpackage', verbose_name='overleveringspakke')),
                ],
                options={
                    'verbose_name': 'afsnit i en overleveringspakke',
                    'verbose_name_plural': 'afsnit i overleveringspakker',
                },
            ),
            migrations.CreateModel(
                name='PackagePartEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False)),
                    ('name', models.SlugField(db_index=False, max_length=40, verbose_name='del')),
                    ('position', models.PositiveSmallIntegerField(verbose_name='rækkefølge')),
                    ('title', models.CharField(max_length=120, verbose_name='overskrift')),
                    ('scope', models.CharField(choices=[('wishes', 'ønsker'), ('goals', 'mål'), ('notes', 'notater'), ('calendar', 'kalender'), ('network', 'netværkskort'), ('messages', 'beskeder'), ('report', 'statusrapport'), ('photos', 'billeder')], max_length=10, verbose_name='hører under samtykket til')),
                    ('text', models.TextField(max_length=20000, verbose_name='tekst')),
                    ('made_text', models.TextField(max_length=20000, verbose_name='som journalen siger')),
                    ('sources', models.JSONField(default=list, verbose_name='kilder')),
                    ('keep', models.BooleanField(default=True, verbose_name='med i pakken')),
                    ('version', models.PositiveIntegerField(default=1, verbose_name='udgave')),
                    ('citizen', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.citizen', verbose_name='borger')),
                    ('edited_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='rettet af')),
                    ('package', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.handoverpackage', verbose_name='overleveringspakke')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='practice.packagepart')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='PackageQuestion',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                    ('text', models.CharField(max_length=300, verbose_name='spørgsmål')),
                    ('asked_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='spurgt')),
                    ('answer', models.CharField(blank=True, max_length=1000, verbose_name='svar')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='svaret')),
                    ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='svaret af')),
                    ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='spurgt af')),
                    ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger')),
                    ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='questions', to='practice.handoverpackage', verbose_name='overleveringspakke')),
                ],
                options={
                    'verbose_name': 'spørgsmål til en overleveringspakke',
                    'verbose_name_plural': 'spørgsmål til overleveringspakker',
                },
            ),
            migrations.CreateModel(
                name='PackageQuestionEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False)),
                    ('text', models.CharField(max_length=300, verbose_name='spørgsmål')),
                    ('asked_at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='spurgt')),
                    ('answer', models.CharField(blank=True, max_length=1000, verbose_name='svar')),
                    ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='svaret')),
                    ('answered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='svaret af')),
                    ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='spurgt af')),
                    ('citizen', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.citizen', verbose_name='borger')),
                    ('package', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.handoverpackage', verbose_name='overleveringspakke')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='practice.packagequestion')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='PackageReceipt',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                    ('name', models.CharField(blank=True, max_length=120, verbose_name='på vegne af')),
                    ('at', models.DateTimeField(default=roedtraad.core.clock.now, editable=False, verbose_name='kvitteret')),
                    ('citizen', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger')),
                    ('package', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='practice.handoverpackage', verbose_name='overleveringspakke')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='kvitteret af')),
                ],
                options={
                    'verbose_name': 'kvittering',
                    'verbose_name_plural': 'kvitteringer',
                },
            ),
            migrations.CreateModel(
                name='PassingRule',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('receiver', models.CharField(choices=[('same_operator', 'et andet tilbud hos samme driftsherre'), ('acting', 'borgerens egen kommune'), ('other', 'en anden')], max_length=14, verbose_name='modtager')),
                    ('needs_consent', models.BooleanField(verbose_name='kræver samtykke')),
                    ('sentence', models.CharField(max_length=400, verbose_name='grundlag')),
                    ('valid', django.contrib.postgres.fields.ranges.DateRangeField(verbose_name='gælder')),
                ],
                options={
                    'verbose_name': 'regel for videregivelse',
                    'verbose_name_plural': 'regler for videregivelse',
                    'constraints': [models.CheckConstraint(condition=models.Q(('valid__isempty', False), ('valid__startswith__isnull', False)), name='passing_rule_bounded'), models.CheckConstraint(condition=models.Q(('sentence', ''), _negated=True), name='passing_rule_has_sentence'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('receiver', '='), ('valid', '&&')], name='passing_rule_one_at_a_time')],
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='passingrule',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_passingruleevent" ("id", "needs_consent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receiver", "sentence", "valid") VALUES (NEW."id", NEW."needs_consent", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."receiver", NEW."sentence", NEW."valid"); RETURN NULL;', hash='396dc045637e93a7f0f8a8c3c28bacc612176250', operation='INSERT', pgid='pgtrigger_insert_insert_513ac', table='practice_passingrule', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='passingrule',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "practice_passingruleevent" ("id", "needs_consent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receiver", "sentence", "valid") VALUES (NEW."id", NEW."needs_consent", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."receiver", NEW."sentence", NEW."valid"); RETURN NULL;', hash='b0eee091f6378e18c79c45f90de79ff4cad2c87f', operation='UPDATE', pgid='pgtrigger_update_update_ca38c', table='practice_passingrule', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='passingrule',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_passingruleevent" ("id", "needs_consent", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receiver", "sentence", "valid") VALUES (OLD."id", OLD."needs_consent", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."receiver", OLD."sentence", OLD."valid"); RETURN NULL;', hash='4787a284fe5a6a59cd166110db06c42a3500b649', operation='DELETE', pgid='pgtrigger_delete_delete_ea187', table='practice_passingrule', when='AFTER')),
            ),
            migrations.AddField(
                model_name='passingruleevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='passingruleevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='practice.passingrule'),
            ),
            migrations.AddField(
                model_name='transition',
                name='citizen',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger'),
            ),
            migrations.AddField(
                model_name='transition',
                name='from_responsible',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ansvarlig, hvor borgeren kommer fra'),
            ),
            migrations.AddField(
                model_name='transition',
                name='from_unit',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='fra tilbud'),
            ),
            migrations.AddField(
                model_name='transition',
                name='stay',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='journeys.stay', verbose_name='ophold'),
            ),
            migrations.AddField(
                model_name='transition',
                name='to_municipality',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.municipality', verbose_name='til kommune'),
            ),
            migrations.AddField(
                model_name='transition',
                name='to_responsible',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ansvarlig, hvor borgeren skal hen'),
            ),
            migrations.AddField(
                model_name='transition',
                name='to_unit',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='til tilbud'),
            ),
            migrations.AddField(
                model_name='transition',
                name='wish',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.wish', verbose_name='hører til ønsket'),
            ),
            migrations.AddField(
                model_name='transition',
                name='written_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af'),
            ),
            migrations.AddField(
                model_name='handoverpackageevent',
                name='transition',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.transition', verbose_name='overgang'),
            ),
            migrations.AddField(
                model_name='handoverpackage',
                name='transition',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='packages', to='practice.transition', verbose_name='overgang'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='citizen',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.citizen', verbose_name='borger'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='from_responsible',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ansvarlig, hvor borgeren kommer fra'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='from_unit',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='fra tilbud'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='practice.transition'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='stay',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='journeys.stay', verbose_name='ophold'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='to_municipality',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.municipality', verbose_name='til kommune'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='to_responsible',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ansvarlig, hvor borgeren skal hen'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='to_unit',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='til tilbud'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='wish',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.wish', verbose_name='hører til ønsket'),
            ),
            migrations.AddField(
                model_name='transitionevent',
                name='written_by',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af'),
            ),
            migrations.AddField(
                model_name='transitionstep',
                name='citizen',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger'),
            ),
            migrations.AddField(
                model_name='transitionstep',
                name='settled_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='af'),
            ),
            migrations.AddField(
                model_name='transitionstep',
                name='transition',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='practice.transition', verbose_name='overgang'),
            ),
            migrations.AddField(
                model_name='transitionstep',
                name='written_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af'),
            ),
            migrations.AddField(
                model_name='transitionstepevent',
                name='citizen',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.citizen', verbose_name='borger'),
            ),
            migrations.AddField(
                model_name='transitionstepevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='transitionstepevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='practice.transitionstep'),
            ),
            migrations.AddField(
                model_name='transitionstepevent',
                name='settled_by',
                field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='af'),
            ),
            migrations.AddField(
                model_name='transitionstepevent',
                name='transition',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.transition', verbose_name='overgang'),
            ),
            migrations.AddField(
                model_name='transitionstepevent',
                name='written_by',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af'),
            ),
            migrations.AddField(
                model_name='transitiontie',
                name='citizen',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger'),
            ),
            migrations.AddField(
                model_name='transitiontie',
                name='transition',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ties', to='practice.transition', verbose_name='overgang'),
            ),
            migrations.AddField(
                model_name='transitiontie',
                name='written_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af'),
            ),
            migrations.AddField(
                model_name='transitiontieevent',
                name='citizen',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.citizen', verbose_name='borger'),
            ),
            migrations.AddField(
                model_name='transitiontieevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='transitiontieevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='practice.transitiontie'),
            ),
            migrations.AddField(
                model_name='transitiontieevent',
                name='transition',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.transition', verbose_name='overgang'),
            ),
            migrations.AddField(
                model_name='transitiontieevent',
                name='written_by',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af'),
            ),
            migrations.AddConstraint(
                model_name='packagepart',
                constraint=models.UniqueConstraint(fields=('package', 'name'), name='package_part_once'),
            ),
            migrations.AddConstraint(
                model_name='packagepart',
                constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='package_part_has_text'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagepart',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_packagepartevent" ("citizen_id", "edited_by_id", "id", "keep", "key", "made_text", "name", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "scope", "sources", "text", "title", "version") VALUES (NEW."citizen_id", NEW."edited_by_id", NEW."id", NEW."keep", NEW."key", NEW."made_text", NEW."name", NEW."package_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."scope", NEW."sources", NEW."text", NEW."title", NEW."version"); RETURN NULL;', hash='7e40c2c154dde204acb0a4f693fcf07660dc66b1', operation='INSERT', pgid='pgtrigger_insert_insert_457b0', table='practice_packagepart', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagepart',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "practice_packagepartevent" ("citizen_id", "edited_by_id", "id", "keep", "key", "made_text", "name", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "scope", "sources", "text", "title", "version") VALUES (NEW."citizen_id", NEW."edited_by_id", NEW."id", NEW."keep", NEW."key", NEW."made_text", NEW."name", NEW."package_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."scope", NEW."sources", NEW."text", NEW."title", NEW."version"); RETURN NULL;', hash='8502359fcf4bd2bea0277f880ada02ee6a9e4d02', operation='UPDATE', pgid='pgtrigger_update_update_40dbb', table='practice_packagepart', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagepart',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_packagepartevent" ("citizen_id", "edited_by_id", "id", "keep", "key", "made_text", "name", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "scope", "sources", "text", "title", "version") VALUES (OLD."citizen_id", OLD."edited_by_id", OLD."id", OLD."keep", OLD."key", OLD."made_text", OLD."name", OLD."package_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."scope", OLD."sources", OLD."text", OLD."title", OLD."version"); RETURN NULL;', hash='58ec1d5a9689db7abdb41bb46f3102d61cd252ad', operation='DELETE', pgid='pgtrigger_delete_delete_879a1', table='practice_packagepart', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagepart',
                trigger=pgtrigger.compiler.Trigger(name='sent_stands', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF EXISTS (\n        SELECT 1 FROM practice_handoverpackage p\n        WHERE p.sent_at IS NOT NULL\n          AND p.id IN (\n            CASE WHEN TG_OP <> 'INSERT' THEN OLD.package_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.package_id END)\n    ) THEN\n        RAISE EXCEPTION 'handover_part_sent' USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'handover_part_sent', TABLE = 'practice_packagepart';\n    END IF;\n    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n", hash='4ee9d2adb859353f890e7d49db188b1e83a5a7ac', operation='INSERT OR UPDATE OR DELETE', pgid='pgtrigger_sent_stands_7a6cb', table='practice_packagepart', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagepartevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='54be6b97468a8e6a9aabdbd00b2b033a12eb441e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_14247', table='practice_packagepartevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='packagequestion',
                constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='package_question_has_text'),
            ),
            migrations.AddConstraint(
                model_name='packagequestion',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(models.Q(('answer', ''), _negated=True), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='package_question_answered_by_somebody'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagequestion',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_packagequestionevent" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "citizen_id", "id", "key", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."citizen_id", NEW."id", NEW."key", NEW."package_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text"); RETURN NULL;', hash='647bc16cb8c6fbbea872b0c3a7814929b885bd92', operation='INSERT', pgid='pgtrigger_insert_insert_131db', table='practice_packagequestion', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagequestion',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "practice_packagequestionevent" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "citizen_id", "id", "key", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."answer", NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."citizen_id", NEW."id", NEW."key", NEW."package_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text"); RETURN NULL;', hash='53b8fe5369c6595cb21d01b58ad5b1a74cda02ae', operation='UPDATE', pgid='pgtrigger_update_update_39c8d', table='practice_packagequestion', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagequestion',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_packagequestionevent" ("answer", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "citizen_id", "id", "key", "package_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (OLD."answer", OLD."answered_at", OLD."answered_by_id", OLD."asked_at", OLD."asked_by_id", OLD."citizen_id", OLD."id", OLD."key", OLD."package_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."text"); RETURN NULL;', hash='15cf2e2295fc1c010db1f1442ded8541d1c7d7b4', operation='DELETE', pgid='pgtrigger_delete_delete_de644', table='practice_packagequestion', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagequestionevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d2f1e5ce2a6d27fb6c00557b68dc6b5593872731', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e497e', table='practice_packagequestionevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='packagereceipt',
                constraint=models.UniqueConstraint(fields=('package', 'user', 'name'), name='package_receipt_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='packagereceipt',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='b7e0ddab8ecb09ec87d06263f8ba47bdb0609d46', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_564d5', table='practice_packagereceipt', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='passingruleevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='aaa3acb33ffd963e8ab026feb5afac5007367839', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e50a3', table='practice_passingruleevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='transition',
                index=models.Index(fields=['citizen', '-planned_on', '-id'], name='transition_citizen'),
            ),
            migrations.AddIndex(
                model_name='transition',
                index=models.Index(fields=['from_unit', 'planned_on'], name='transition_from'),
            ),
            migrations.AddIndex(
                model_name='transition',
                index=models.Index(fields=['to_unit', 'planned_on'], name='transition_to'),
            ),
            migrations.AddConstraint(
                model_name='transition',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('from_outside', ''), ('from_unit__isnull', False)), models.Q(('from_unit__isnull', True), models.Q(('from_outside', ''), _negated=True)), _connector='OR'), name='transition_from_one'),
            ),
            migrations.AddConstraint(
                model_name='transition',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('to_municipality__isnull', True), ('to_outside', ''), ('to_unit__isnull', False)), models.Q(('to_municipality__isnull', False), ('to_outside', ''), ('to_unit__isnull', True)), models.Q(('to_municipality__isnull', True), ('to_unit__isnull', True), models.Q(('to_outside', ''), _negated=True)), _connector='OR'), name='transition_to_one'),
            ),
            migrations.AddConstraint(
                model_name='transition',
                constraint=models.CheckConstraint(condition=models.Q(('from_unit__isnull', False), ('to_unit__isnull', False), _connector='OR'), name='transition_ours'),
            ),
            migrations.AddConstraint(
                model_name='transition',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_on__isnull', True), ('cancelled_reason', '')), models.Q(('cancelled_on__isnull', False), models.Q(('cancelled_reason', ''), _negated=True)), _connector='OR'), name='transition_cancelled_with_reason'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transition',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_transitionevent" ("cancelled_on", "cancelled_reason", "citizen_id", "contact", "from_outside", "from_responsible_id", "from_unit_id", "happened_on", "id", "key", "own_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "reason", "stay_id", "to_municipality_id", "to_outside", "to_responsible_id", "to_unit_id", "version", "why", "wish_id", "words", "written_at", "written_by_id") VALUES (NEW."cancelled_on", NEW."cancelled_reason", NEW."citizen_id", NEW."contact", NEW."from_outside", NEW."from_responsible_id", NEW."from_unit_id", NEW."happened_on", NEW."id", NEW."key", NEW."own_words", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."planned_on", NEW."reason", NEW."stay_id", NEW."to_municipality_id", NEW."to_outside", NEW."to_responsible_id", NEW."to_unit_id", NEW."version", NEW."why", NEW."wish_id", NEW."words", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='d0e18ed134145be46400543308ca05905d5d7aed', operation='INSERT', pgid='pgtrigger_insert_insert_d64f6', table='practice_transition', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transition',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "practice_transitionevent" ("cancelled_on", "cancelled_reason", "citizen_id", "contact", "from_outside", "from_responsible_id", "from_unit_id", "happened_on", "id", "key", "own_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "reason", "stay_id", "to_municipality_id", "to_outside", "to_responsible_id", "to_unit_id", "version", "why", "wish_id", "words", "written_at", "written_by_id") VALUES (NEW."cancelled_on", NEW."cancelled_reason", NEW."citizen_id", NEW."contact", NEW."from_outside", NEW."from_responsible_id", NEW."from_unit_id", NEW."happened_on", NEW."id", NEW."key", NEW."own_words", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."planned_on", NEW."reason", NEW."stay_id", NEW."to_municipality_id", NEW."to_outside", NEW."to_responsible_id", NEW."to_unit_id", NEW."version", NEW."why", NEW."wish_id", NEW."words", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='1ecbe1f0a383b2e5d06333134f35628def7a1c62', operation='UPDATE', pgid='pgtrigger_update_update_56ace', table='practice_transition', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transition',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_transitionevent" ("cancelled_on", "cancelled_reason", "citizen_id", "contact", "from_outside", "from_responsible_id", "from_unit_id", "happened_on", "id", "key", "own_words", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "planned_on", "reason", "stay_id", "to_municipality_id", "to_outside", "to_responsible_id", "to_unit_id", "version", "why", "wish_id", "words", "written_at", "written_by_id") VALUES (OLD."cancelled_on", OLD."cancelled_reason", OLD."citizen_id", OLD."contact", OLD."from_outside", OLD."from_responsible_id", OLD."from_unit_id", OLD."happened_on", OLD."id", OLD."key", OLD."own_words", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."planned_on", OLD."reason", OLD."stay_id", OLD."to_municipality_id", OLD."to_outside", OLD."to_responsible_id", OLD."to_unit_id", OLD."version", OLD."why", OLD."wish_id", OLD."words", OLD."written_at", OLD."written_by_id"); RETURN NULL;', hash='95d4170f33a2d7643e56d4fcb46bcbd6d0c25bce', operation='DELETE', pgid='pgtrigger_delete_delete_daaba', table='practice_transition', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='handoverpackageevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7c087c612eb09d4fcada3136af027afd9cd86f46', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cea16', table='practice_handoverpackageevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='handoverpackage',
                index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['to_unit', '-sent_at'], name='handover_package_unit'),
            ),
            migrations.AddIndex(
                model_name='handoverpackage',
                index=models.Index(condition=models.Q(('sent_at__isnull', False)), fields=['to_municipality', '-sent_at'], name='handover_package_town'),
            ),
            migrations.AddIndex(
                model_name='handoverpackage',
                index=models.Index(fields=['citizen', '-sent_at', '-id'], name='handover_package_citizen'),
            ),
            migrations.AddConstraint(
                model_name='handoverpackage',
                constraint=models.UniqueConstraint(fields=('transition', 'number'), name='handover_package_number'),
            ),
            migrations.AddConstraint(
                model_name='handoverpackage',
                constraint=models.UniqueConstraint(condition=models.Q(('sent_at__isnull', True)), fields=('transition',), name='handover_package_one_draft'),
            ),
            migrations.AddConstraint(
                model_name='handoverpackage',
                constraint=models.CheckConstraint(condition=models.Q(('reviewed_by__isnull', True), models.Q(('reviewed_by', models.F('written_by')), _negated=True), _connector='OR'), name='handover_package_reviewed_by_another'),
            ),
            migrations.AddConstraint(
                model_name='handoverpackage',
                constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), models.Q(('informed_on__isnull', False), ('reviewed_at__isnull', False), ('sent_by__isnull', False), models.Q(('content_hash', ''), _negated=True), models.Q(('basis', ''), _negated=True)), _connector='OR'), name='handover_package_sent_whole'),
            ),
            migrations.AddConstraint(
                model_name='handoverpackage',
                constraint=models.CheckConstraint(condition=models.Q(('recalled_at__isnull', True), models.Q(('recalled_by__isnull', False), ('sent_at__isnull', False), models.Q(('recalled_reason', ''), _negated=True)), _connector='OR'), name='handover_package_recalled_with_reason'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='handoverpackage',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_handoverpackageevent" ("basis", "citizen_id", "consent_id", "content_hash", "head", "id", "informed_how", "informed_on", "key", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recalled_at", "recalled_by_id", "recalled_reason", "receiver", "reviewed_at", "reviewed_by_id", "sent_at", "sent_by_id", "to_municipality_id", "to_outside", "to_unit_id", "transition_id", "written_at", "written_by_id") VALUES (NEW."basis", NEW."citizen_id", NEW."consent_id", NEW."content_hash", NEW."head", NEW."id", NEW."informed_how", NEW."informed_on", NEW."key", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."recalled_at", NEW."recalled_by_id", NEW."recalled_reason", NEW."receiver", NEW."reviewed_at", NEW."reviewed_by_id", NEW."sent_at", NEW."sent_by_id", NEW."to_municipality_id", NEW."to_outside", NEW."to_unit_id", NEW."transition_id", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='f8af5b03e85c711e148ee5870cb2f71cd7bd97f1', operation='INSERT', pgid='pgtrigger_insert_insert_76762', table='practice_handoverpackage', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='handoverpackage',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "practice_handoverpackageevent" ("basis", "citizen_id", "consent_id", "content_hash", "head", "id", "informed_how", "informed_on", "key", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recalled_at", "recalled_by_id", "recalled_reason", "receiver", "reviewed_at", "reviewed_by_id", "sent_at", "sent_by_id", "to_municipality_id", "to_outside", "to_unit_id", "transition_id", "written_at", "written_by_id") VALUES (NEW."basis", NEW."citizen_id", NEW."consent_id", NEW."content_hash", NEW."head", NEW."id", NEW."informed_how", NEW."informed_on", NEW."key", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."recalled_at", NEW."recalled_by_id", NEW."recalled_reason", NEW."receiver", NEW."reviewed_at", NEW."reviewed_by_id", NEW."sent_at", NEW."sent_by_id", NEW."to_municipality_id", NEW."to_outside", NEW."to_unit_id", NEW."transition_id", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='ac956c54b06c35a48e3868d88beddc3a08e6173c', operation='UPDATE', pgid='pgtrigger_update_update_85f8e', table='practice_handoverpackage', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='handoverpackage',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_handoverpackageevent" ("basis", "citizen_id", "consent_id", "content_hash", "head", "id", "informed_how", "informed_on", "key", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "recalled_at", "recalled_by_id", "recalled_reason", "receiver", "reviewed_at", "reviewed_by_id", "sent_at", "sent_by_id", "to_municipality_id", "to_outside", "to_unit_id", "transition_id", "written_at", "written_by_id") VALUES (OLD."basis", OLD."citizen_id", OLD."consent_id", OLD."content_hash", OLD."head", OLD."id", OLD."informed_how", OLD."informed_on", OLD."key", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."recalled_at", OLD."recalled_by_id", OLD."recalled_reason", OLD."receiver", OLD."reviewed_at", OLD."reviewed_by_id", OLD."sent_at", OLD."sent_by_id", OLD."to_municipality_id", OLD."to_outside", OLD."to_unit_id", OLD."transition_id", OLD."written_at", OLD."written_by_id"); RETURN NULL;', hash='e9f84457ba8a1f11ceee21d5783b3e0d6c0b64a8', operation='DELETE', pgid='pgtrigger_delete_delete_12ec5', table='practice_handoverpackage', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='handoverpackage',
                trigger=pgtrigger.compiler.Trigger(name='sent_stands', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n    IF OLD.sent_at IS NOT NULL AND (\n        TG_OP = 'DELETE'\n        OR OLD.recalled_at IS NOT NULL\n        OR (to_jsonb(NEW) - ARRAY['recalled_at', 'recalled_by_id', 'recalled_reason'])\n            IS DISTINCT FROM (to_jsonb(OLD) - ARRAY['recalled_at', 'recalled_by_id', 'recalled_reason'])\n    ) THEN\n        RAISE EXCEPTION 'handover_package_sent' USING ERRCODE = 'check_violation',\n            CONSTRAINT = 'handover_package_sent', TABLE = 'practice_handoverpackage';\n    END IF;\n    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;\n", hash='fe7877470edcea963b77f376053c9ff4ae7cf8c0', operation='UPDATE OR DELETE', pgid='pgtrigger_sent_stands_6b72a', table='practice_handoverpackage', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitionevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='d9d7ce36986e98ac02948099609a40217e3cafd5', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_66ff5', table='practice_transitionevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='transitionstep',
                index=models.Index(fields=['transition', 'due_on'], name='transition_step_of'),
            ),
            migrations.AddConstraint(
                model_name='transitionstep',
                constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='transition_step_has_title'),
            ),
            migrations.AddConstraint(
                model_name='transitionstep',
                constraint=models.CheckConstraint(condition=models.Q(('done_on__isnull', True), ('dropped_on__isnull', True), _connector='OR'), name='transition_step_done_or_dropped'),
            ),
            migrations.AddConstraint(
                model_name='transitionstep',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('dropped_on__isnull', True), ('dropped_reason', '')), models.Q(('dropped_on__isnull', False), models.Q(('dropped_reason', ''), _negated=True)), _connector='OR'), name='transition_step_dropped_with_reason'),
            ),
            migrations.AddConstraint(
                model_name='transitionstep',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_on__isnull', True), ('dropped_on__isnull', True), ('settled_by__isnull', True)), ('settled_by__isnull', False), _connector='OR'), name='transition_step_settled_by_somebody'),
            ),
            migrations.AddConstraint(
                model_name='transitionstep',
                constraint=models.CheckConstraint(condition=models.Q(('held', ''), models.Q(('done_on__isnull', False), ('kind', 'follow_up')), _connector='OR'), name='transition_step_held_answers_a_follow_up'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitionstep',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_transitionstepevent" ("citizen_id", "done_on", "dropped_on", "dropped_reason", "due_on", "held", "id", "key", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "settled_by_id", "side", "title", "transition_id", "who", "written_at", "written_by_id") VALUES (NEW."citizen_id", NEW."done_on", NEW."dropped_on", NEW."dropped_reason", NEW."due_on", NEW."held", NEW."id", NEW."key", NEW."kind", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."phase", NEW."settled_by_id", NEW."side", NEW."title", NEW."transition_id", NEW."who", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='cfb8ec2df6451ba8bfe599416970c8112b664a20', operation='INSERT', pgid='pgtrigger_insert_insert_99c04', table='practice_transitionstep', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitionstep',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "practice_transitionstepevent" ("citizen_id", "done_on", "dropped_on", "dropped_reason", "due_on", "held", "id", "key", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "settled_by_id", "side", "title", "transition_id", "who", "written_at", "written_by_id") VALUES (NEW."citizen_id", NEW."done_on", NEW."dropped_on", NEW."dropped_reason", NEW."due_on", NEW."held", NEW."id", NEW."key", NEW."kind", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phase", NEW."settled_by_id", NEW."side", NEW."title", NEW."transition_id", NEW."who", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='59dc074294ba5f647ff05f31bf74eb52a7fcd240', operation='UPDATE', pgid='pgtrigger_update_update_19083', table='practice_transitionstep', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitionstep',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_transitionstepevent" ("citizen_id", "done_on", "dropped_on", "dropped_reason", "due_on", "held", "id", "key", "kind", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phase", "settled_by_id", "side", "title", "transition_id", "who", "written_at", "written_by_id") VALUES (OLD."citizen_id", OLD."done_on", OLD."dropped_on", OLD."dropped_reason", OLD."due_on", OLD."held", OLD."id", OLD."key", OLD."kind", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phase", OLD."settled_by_id", OLD."side", OLD."title", OLD."transition_id", OLD."who", OLD."written_at", OLD."written_by_id"); RETURN NULL;', hash='00ca689215e0f5c654772fae74955843acd4c254', operation='DELETE', pgid='pgtrigger_delete_delete_708dc', table='practice_transitionstep', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitionstepevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='60d62e3b3165cdd9d5a8b5c5b40476e55d6f137c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_28724', table='practice_transitionstepevent', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='transitiontie',
                index=models.Index(fields=['transition'], name='transition_tie_of'),
            ),
            migrations.AddConstraint(
                model_name='transitiontie',
                constraint=models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='transition_tie_named'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitiontie',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_transitiontieevent" ("citizen_id", "done_on", "how", "id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "transition_id", "what", "written_at", "written_by_id") VALUES (NEW."citizen_id", NEW."done_on", NEW."how", NEW."id", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."transition_id", NEW."what", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='e4bb31ff2db2015385e0c52009c6f6357821a16d', operation='INSERT', pgid='pgtrigger_insert_insert_698ce', table='practice_transitiontie', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitiontie',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "practice_transitiontieevent" ("citizen_id", "done_on", "how", "id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "transition_id", "what", "written_at", "written_by_id") VALUES (NEW."citizen_id", NEW."done_on", NEW."how", NEW."id", NEW."key", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."transition_id", NEW."what", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='acc645dd2a84e3d6c229de37a5649d9e1281bde3', operation='UPDATE', pgid='pgtrigger_update_update_82b6d', table='practice_transitiontie', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitiontie',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "practice_transitiontieevent" ("citizen_id", "done_on", "how", "id", "key", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "transition_id", "what", "written_at", "written_by_id") VALUES (OLD."citizen_id", OLD."done_on", OLD."how", OLD."id", OLD."key", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."transition_id", OLD."what", OLD."written_at", OLD."written_by_id"); RETURN NULL;', hash='1fa8ba052450fa47403b53a66bd86dc52c6d5637', operation='DELETE', pgid='pgtrigger_delete_delete_719b3', table='practice_transitiontie', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='transitiontieevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='12a85a080658f2fded73843bef74406210a2b12a', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ef4ea', table='practice_transitiontieevent', when='BEFORE')),
            ),
        ]),
        migrations.RunSQL(FUNCTIONS, NO_FUNCTIONS),
        *[migrations.RunSQL(forward, backward) for forward, backward in SQL],
        migrations.RunPython(write_rules, migrations.RunPython.noop),
    ]
