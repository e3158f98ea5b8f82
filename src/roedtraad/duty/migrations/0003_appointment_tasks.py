"""The task that follows an appointment, and who sees that: those who read the record, or work in the unit.

Written by those who work there. A citizen and the relatives see the appointment, not what staff has to do for it.
"""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

from roedtraad.core.migrating import Together

SYSTEM = "(SELECT access_system())"
BY_CITIZENS = "appointment_id IN (SELECT id FROM duty_appointment WHERE citizen_id IN (SELECT {citizens}())"
BY_UNITS = " OR (citizen_id IS NULL AND unit_id IN (SELECT duty_units())))"
READ = BY_CITIZENS.format(citizens="journeys_record_citizens") + BY_UNITS
WORK = BY_CITIZENS.format(citizens="journeys_worked_citizens") + BY_UNITS
FORWARD = f"""
ALTER TABLE duty_appointmenttask ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_read ON duty_appointmenttask FOR SELECT USING ({SYSTEM} OR {READ});
CREATE POLICY rows_write ON duty_appointmenttask FOR INSERT WITH CHECK ({SYSTEM} OR {WORK});
CREATE POLICY rows_change ON duty_appointmenttask FOR UPDATE USING ({SYSTEM} OR {WORK});
CREATE POLICY rows_remove ON duty_appointmenttask FOR DELETE USING ({SYSTEM});
ALTER TABLE duty_appointmenttaskevent ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON duty_appointmenttaskevent FOR SELECT USING (
    {SYSTEM} OR pgh_obj_id IN (SELECT id FROM duty_appointmenttask));
CREATE POLICY history_write ON duty_appointmenttaskevent FOR INSERT WITH CHECK (
    {SYSTEM} OR pg_trigger_depth() > 0);
"""  # nosec B608  our own words
BACKWARD = """
DROP POLICY history_write ON duty_appointmenttaskevent;
DROP POLICY history_read ON duty_appointmenttaskevent;
ALTER TABLE duty_appointmenttaskevent DISABLE ROW LEVEL SECURITY;
DROP POLICY rows_remove ON duty_appointmenttask;
DROP POLICY rows_change ON duty_appointmenttask;
DROP POLICY rows_write ON duty_appointmenttask;
DROP POLICY rows_read ON duty_appointmenttask;
ALTER TABLE duty_appointmenttask DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('duty', '0002_rows_and_defaults'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('practice', '0001_record'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='AppointmentTask',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('minutes_before', models.SmallIntegerField(verbose_name='minutter før')),
                    ('appointment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='task_link', to='duty.appointment')),
                    ('series', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.taskseries')),
                    ('task', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='practice.task')),
                ],
                options={
                    'verbose_name': 'opgave til en aftale',
                    'verbose_name_plural': 'opgaver til aftaler',
                },
            ),
            migrations.CreateModel(
                name='AppointmentTaskEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('minutes_before', models.SmallIntegerField(verbose_name='minutter før')),
                    ('appointment', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='duty.appointment')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='duty.appointmenttask')),
                    ('series', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.taskseries')),
                    ('task', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='practice.task')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.AddConstraint(
                model_name='appointmenttask',
                constraint=models.CheckConstraint(condition=models.Q(('task__isnull', True), ('series__isnull', True), _connector='OR'), name='appointment_task_or_series'),
            ),
            migrations.AddConstraint(
                model_name='appointmenttask',
                constraint=models.CheckConstraint(condition=models.Q(('minutes_before__gt', -1440), ('minutes_before__lt', 1440)), name='appointment_task_within_a_day'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='appointmenttask',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "duty_appointmenttaskevent" ("appointment_id", "id", "minutes_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id", "task_id") VALUES (NEW."appointment_id", NEW."id", NEW."minutes_before", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."series_id", NEW."task_id"); RETURN NULL;', hash='82e1335c308435fb082631594f95884f2b1238f6', operation='INSERT', pgid='pgtrigger_insert_insert_b8f4f', table='duty_appointmenttask', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='appointmenttask',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "duty_appointmenttaskevent" ("appointment_id", "id", "minutes_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id", "task_id") VALUES (NEW."appointment_id", NEW."id", NEW."minutes_before", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."series_id", NEW."task_id"); RETURN NULL;', hash='30799ffd33ba816ae564c5d96d06cb0ebb1e291d', operation='UPDATE', pgid='pgtrigger_update_update_7f02d', table='duty_appointmenttask', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='appointmenttask',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "duty_appointmenttaskevent" ("appointment_id", "id", "minutes_before", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "series_id", "task_id") VALUES (OLD."appointment_id", OLD."id", OLD."minutes_before", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."series_id", OLD."task_id"); RETURN NULL;', hash='b0539a40808e97adfe303cf706b58b19d88ee959', operation='DELETE', pgid='pgtrigger_delete_delete_8133f', table='duty_appointmenttask', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='appointmenttaskevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6c7b3f4d797982a5ecc1aefe170077c36ff0215d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_d0fc8', table='duty_appointmenttaskevent', when='BEFORE')),
            ),
        ]),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
