"""Codes for reports, what a report needs beside the record, and messages from other systems with who sees them."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import roedtraad.core.clock
import roedtraad.core.encrypted
import roedtraad.core.ids
from django.conf import settings
from django.db import migrations, models
from roedtraad.core.migrating import Together


SYSTEM = "(SELECT access_system())"
RECORD = "citizen_id IN (SELECT journeys_record_citizens())"
WORKED = "citizen_id IN (SELECT journeys_worked_citizens())"
ME = "(SELECT access_user())"
# An order belongs to the unit it is for until the citizen lives there; whoever brought a message in sees it too.
ORDERED = "(kind = 'order' AND unit_id IN (SELECT journeys_units_booked()))"


def bind(table, read, insert, update):
    event = f"{table}event"
    forward = f"""
ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON {table} FOR SELECT USING ({SYSTEM} OR {read});
CREATE POLICY rows_write ON {table} FOR INSERT WITH CHECK ({SYSTEM} OR ({insert}));
CREATE POLICY rows_change ON {table} FOR UPDATE USING ({SYSTEM} OR ({update}));
CREATE POLICY rows_remove ON {table} FOR DELETE USING ({SYSTEM});
ALTER TABLE {event} ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON {event} FOR SELECT USING ({SYSTEM} OR pgh_obj_id IN (SELECT id FROM {table}));
CREATE POLICY history_write ON {event} FOR INSERT WITH CHECK ({SYSTEM} OR pg_trigger_depth() > 0);
"""  # nosec B608  our own words
    backward = f"""
DROP POLICY history_write ON {event};
DROP POLICY history_read ON {event};
ALTER TABLE {event} DISABLE ROW LEVEL SECURITY;
DROP POLICY rows_remove ON {table};
DROP POLICY rows_change ON {table};
DROP POLICY rows_write ON {table};
DROP POLICY rows_read ON {table};
ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
"""
    return forward, backward


SQL = [
    bind("exchange_reportedplan", RECORD, f"{WORKED} AND written_by_id = {ME}", WORKED),
    bind(
        "exchange_message",
        f"received_by_id = {ME} OR (kind = 'plan' AND {RECORD}) OR {ORDERED}",
        f"received_by_id = {ME} AND (kind = 'order' OR {WORKED})",
        f"(kind = 'plan' AND {WORKED}) OR {ORDERED}",
    ),
]


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0007_network_map'),
        ('exchange', '0002_foreign_keys'),
        ('organisation', '0002_units_below'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        Together([
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('plan', 'plan'), ('order', 'bestilling')], max_length=5, verbose_name='art')),
                ('state', models.CharField(choices=[('draft', 'venter'), ('accepted', 'taget imod'), ('declined', 'afvist')], default='draft', max_length=8, verbose_name='tilstand')),
                ('source', models.CharField(max_length=160, verbose_name='fra')),
                ('payload', roedtraad.core.encrypted.EncryptedTextField(blank=True, context='exchange_message.payload', verbose_name='meddelelse')),
                ('digest', models.BinaryField(max_length=32)),
                ('received_at', models.DateTimeField(default=roedtraad.core.clock.now, verbose_name='modtaget')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='afgjort')),
                ('decision_note', models.CharField(blank=True, max_length=400, verbose_name='hvorfor')),
                ('citizen', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='afgjort af')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modtaget af')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='til')),
            ],
            options={
                'verbose_name': 'meddelelse',
                'verbose_name_plural': 'meddelelser',
            },
        ),
        migrations.CreateModel(
            name='MessageEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False)),
                ('kind', models.CharField(choices=[('plan', 'plan'), ('order', 'bestilling')], max_length=5, verbose_name='art')),
                ('state', models.CharField(choices=[('draft', 'venter'), ('accepted', 'taget imod'), ('declined', 'afvist')], default='draft', max_length=8, verbose_name='tilstand')),
                ('source', models.CharField(max_length=160, verbose_name='fra')),
                ('digest', models.BinaryField(max_length=32)),
                ('received_at', models.DateTimeField(default=roedtraad.core.clock.now, verbose_name='modtaget')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='afgjort')),
                ('decision_note', models.CharField(blank=True, max_length=400, verbose_name='hvorfor')),
                ('citizen', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.citizen', verbose_name='borger')),
                ('decided_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='afgjort af')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='exchange.message')),
                ('received_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='modtaget af')),
                ('unit', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='til')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ReportedPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_number', models.CharField(blank=True, max_length=64, verbose_name='kommunens sagsnummer')),
                ('organisation', models.CharField(blank=True, max_length=36, verbose_name='kommunens organisationsnummer (STS)')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='planen begynder')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='planen slutter')),
                ('ordered', models.BooleanField(default=True, verbose_name='bestilt af kommunen')),
                ('completed', models.BooleanField(default=False, verbose_name='afsluttet')),
                ('offer', models.CharField(blank=True, max_length=64, verbose_name='tilbudstype')),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None, verbose_name='målgrupper')),
                ('levels', models.JSONField(blank=True, default=dict)),
                ('services', models.JSONField(blank=True, default=dict)),
                ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, verbose_name='skrevet')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='udgave')),
                ('citizen', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='citizens.citizen', verbose_name='borger')),
                ('written_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af')),
            ],
            options={
                'verbose_name': 'indberetning',
                'verbose_name_plural': 'indberetninger',
            },
        ),
        migrations.CreateModel(
            name='ReportedPlanEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('case_number', models.CharField(blank=True, max_length=64, verbose_name='kommunens sagsnummer')),
                ('organisation', models.CharField(blank=True, max_length=36, verbose_name='kommunens organisationsnummer (STS)')),
                ('starts_on', models.DateField(blank=True, null=True, verbose_name='planen begynder')),
                ('ends_on', models.DateField(blank=True, null=True, verbose_name='planen slutter')),
                ('ordered', models.BooleanField(default=True, verbose_name='bestilt af kommunen')),
                ('completed', models.BooleanField(default=False, verbose_name='afsluttet')),
                ('offer', models.CharField(blank=True, max_length=64, verbose_name='tilbudstype')),
                ('groups', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None, verbose_name='målgrupper')),
                ('levels', models.JSONField(blank=True, default=dict)),
                ('services', models.JSONField(blank=True, default=dict)),
                ('written_at', models.DateTimeField(default=roedtraad.core.clock.now, verbose_name='skrevet')),
                ('version', models.PositiveIntegerField(default=1, verbose_name='udgave')),
                ('citizen', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='citizens.citizen', verbose_name='borger')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='exchange.reportedplan')),
                ('written_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='skrevet af')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='TermCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=10)),
                ('value', models.CharField(blank=True, max_length=20)),
                ('code', models.CharField(max_length=64)),
                ('name', models.CharField(max_length=160)),
                ('number', models.PositiveIntegerField()),
            ],
            options={
                'verbose_name': 'kode til indberetning',
                'verbose_name_plural': 'koder til indberetning',
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('part', 'code'), name='term_code_once')],
            },
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['-received_at'], name='message_latest'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'declined'), _negated=True), fields=('kind', 'digest'), name='message_once'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('citizen__isnull', False), ('kind', 'plan')), models.Q(('kind', 'order'), ('unit__isnull', False)), _connector='OR'), name='message_about_or_for'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at__isnull', True), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='message_decided'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "exchange_messageevent" ("citizen_id", "decided_at", "decided_by_id", "decision_note", "digest", "id", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "received_by_id", "source", "state", "unit_id") VALUES (NEW."citizen_id", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."digest", NEW."id", NEW."key", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."received_at", NEW."received_by_id", NEW."source", NEW."state", NEW."unit_id"); RETURN NULL;', hash='9c2231d400f1d48ff3fc48b2ef4546c6a3c81535', operation='INSERT', pgid='pgtrigger_insert_insert_dab18', table='exchange_message', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."citizen_id" IS DISTINCT FROM (NEW."citizen_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."decision_note" IS DISTINCT FROM (NEW."decision_note") OR OLD."digest" IS DISTINCT FROM (NEW."digest") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."received_at" IS DISTINCT FROM (NEW."received_at") OR OLD."received_by_id" IS DISTINCT FROM (NEW."received_by_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='INSERT INTO "exchange_messageevent" ("citizen_id", "decided_at", "decided_by_id", "decision_note", "digest", "id", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "received_by_id", "source", "state", "unit_id") VALUES (NEW."citizen_id", NEW."decided_at", NEW."decided_by_id", NEW."decision_note", NEW."digest", NEW."id", NEW."key", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."received_at", NEW."received_by_id", NEW."source", NEW."state", NEW."unit_id"); RETURN NULL;', hash='5c0fd8e8c75ba613e89603ffce0931b7a6ea9d9f', operation='UPDATE', pgid='pgtrigger_update_update_64982', table='exchange_message', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='message',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "exchange_messageevent" ("citizen_id", "decided_at", "decided_by_id", "decision_note", "digest", "id", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "received_at", "received_by_id", "source", "state", "unit_id") VALUES (OLD."citizen_id", OLD."decided_at", OLD."decided_by_id", OLD."decision_note", OLD."digest", OLD."id", OLD."key", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."received_at", OLD."received_by_id", OLD."source", OLD."state", OLD."unit_id"); RETURN NULL;', hash='4a519285bb7bfa39ee8a387fb604e33bbba5fbf2', operation='DELETE', pgid='pgtrigger_delete_delete_78964', table='exchange_message', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='messageevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='7c87b190bf948851937ebb508058053ce50f4cea', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_4c038', table='exchange_messageevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reportedplan',
            constraint=models.CheckConstraint(condition=models.Q(('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='reported_plan_order'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportedplan',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "exchange_reportedplanevent" ("case_number", "citizen_id", "completed", "ends_on", "groups", "id", "levels", "offer", "ordered", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "services", "starts_on", "version", "written_at", "written_by_id") VALUES (NEW."case_number", NEW."citizen_id", NEW."completed", NEW."ends_on", NEW."groups", NEW."id", NEW."levels", NEW."offer", NEW."ordered", NEW."organisation", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."services", NEW."starts_on", NEW."version", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='cd63f28a2ccfcc18f33ccfbba96277260cda5211', operation='INSERT', pgid='pgtrigger_insert_insert_8d6ca', table='exchange_reportedplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportedplan',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "exchange_reportedplanevent" ("case_number", "citizen_id", "completed", "ends_on", "groups", "id", "levels", "offer", "ordered", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "services", "starts_on", "version", "written_at", "written_by_id") VALUES (NEW."case_number", NEW."citizen_id", NEW."completed", NEW."ends_on", NEW."groups", NEW."id", NEW."levels", NEW."offer", NEW."ordered", NEW."organisation", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."services", NEW."starts_on", NEW."version", NEW."written_at", NEW."written_by_id"); RETURN NULL;', hash='3753f3626282e80e77e314cfd0a2a1734b43cfe0', operation='UPDATE', pgid='pgtrigger_update_update_31cec', table='exchange_reportedplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportedplan',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "exchange_reportedplanevent" ("case_number", "citizen_id", "completed", "ends_on", "groups", "id", "levels", "offer", "ordered", "organisation", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "services", "starts_on", "version", "written_at", "written_by_id") VALUES (OLD."case_number", OLD."citizen_id", OLD."completed", OLD."ends_on", OLD."groups", OLD."id", OLD."levels", OLD."offer", OLD."ordered", OLD."organisation", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."services", OLD."starts_on", OLD."version", OLD."written_at", OLD."written_by_id"); RETURN NULL;', hash='f68411cf1407973832c659a498ff04fc7786886d', operation='DELETE', pgid='pgtrigger_delete_delete_b5b02', table='exchange_reportedplan', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reportedplanevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='78ddf732a2a7adf3d1702ed5b4fba749bf62ba85', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_aebd6', table='exchange_reportedplanevent', when='BEFORE')),
        ),
        ]),
        *[migrations.RunSQL(forward, backward) for forward, backward in SQL],
    ]
