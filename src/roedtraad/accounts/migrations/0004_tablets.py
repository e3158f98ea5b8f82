"""Shared tablets, personal PINs, and who has logged in at which tablet."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import roedtraad.core.encrypted
import roedtraad.core.ids
from django.conf import settings
from django.db import migrations, models

from roedtraad.core.migrating import Together


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_federation'),
        ('organisation', '0002_units_below'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        Together([
            migrations.CreateModel(
                name='PersonalPin',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('digest', roedtraad.core.encrypted.EncryptedTextField(context='accounts_personalpin.digest', verbose_name='aftryk')),
                    ('set_at', models.DateTimeField(verbose_name='valgt')),
                    ('wrong', models.PositiveIntegerField(default=0)),
                    ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pin', to=settings.AUTH_USER_MODEL, verbose_name='bruger')),
                ],
                options={
                    'verbose_name': 'PIN-kode',
                    'verbose_name_plural': 'PIN-koder',
                },
            ),
            migrations.CreateModel(
                name='PersonalPinEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('set_at', models.DateTimeField(verbose_name='valgt')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.personalpin')),
                    ('user', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='bruger')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='SharedTablet',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('name', models.CharField(max_length=60, verbose_name='navn')),
                    ('digest', models.CharField(max_length=64, unique=True)),
                    ('enrolled_at', models.DateTimeField(verbose_name='tilmeldt')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='afmeldt')),
                    ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='sidst brugt')),
                    ('wrong_pins', models.PositiveIntegerField(default=0)),
                    ('enrolled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tilmeldt af')),
                    ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organisation.unit', verbose_name='enhed')),
                ],
                options={
                    'verbose_name': 'fælles tablet',
                    'verbose_name_plural': 'fælles tablets',
                },
            ),
            migrations.CreateModel(
                name='SharedTabletEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.BigIntegerField()),
                    ('name', models.CharField(max_length=60, verbose_name='navn')),
                    ('enrolled_at', models.DateTimeField(verbose_name='tilmeldt')),
                    ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='afmeldt')),
                    ('enrolled_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='tilmeldt af')),
                    ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                    ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='accounts.sharedtablet')),
                    ('unit', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='organisation.unit', verbose_name='enhed')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='TabletVisit',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                    ('key', models.UUIDField(default=roedtraad.core.ids.new_id, editable=False, unique=True)),
                    ('logged_in_at', models.DateTimeField(db_index=True)),
                    ('mark', models.CharField(max_length=64)),
                    ('tablet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='visits', to='accounts.sharedtablet')),
                    ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
                options={
                    'verbose_name': 'login på en fælles tablet',
                    'verbose_name_plural': 'logins på fælles tablets',
                },
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='personalpin',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_personalpinevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."set_at", NEW."user_id"); RETURN NULL;', hash='e503729e28caebda60436a23b24b77b1fc3366a7', operation='INSERT', pgid='pgtrigger_insert_insert_bb417', table='accounts_personalpin', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='personalpin',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."set_at" IS DISTINCT FROM (NEW."set_at") OR OLD."user_id" IS DISTINCT FROM (NEW."user_id"))', func='INSERT INTO "accounts_personalpinevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "user_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_at", NEW."user_id"); RETURN NULL;', hash='16b2b35d82bbc889e5ff896d4496e09e612a8fc7', operation='UPDATE', pgid='pgtrigger_update_update_acc72', table='accounts_personalpin', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='personalpin',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_personalpinevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "user_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."set_at", OLD."user_id"); RETURN NULL;', hash='7b4673919ad628e6b0f2b0a319cfff9bfdbfb248', operation='DELETE', pgid='pgtrigger_delete_delete_adbbc', table='accounts_personalpin', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='personalpinevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='42f7cc1ca7c07098c39b9405a960c52e8dcdf2eb', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_70aa7', table='accounts_personalpinevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='sharedtablet',
                constraint=models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('unit', 'name'), name='shared_tablet_one_name'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='sharedtablet',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_sharedtabletevent" ("enrolled_at", "enrolled_by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "unit_id") VALUES (NEW."enrolled_at", NEW."enrolled_by_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."revoked_at", NEW."unit_id"); RETURN NULL;', hash='6cb3637969ccb3b5babf4a0d7446127fba70753a', operation='INSERT', pgid='pgtrigger_insert_insert_30d62', table='accounts_sharedtablet', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='sharedtablet',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."enrolled_at" IS DISTINCT FROM (NEW."enrolled_at") OR OLD."enrolled_by_id" IS DISTINCT FROM (NEW."enrolled_by_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."revoked_at" IS DISTINCT FROM (NEW."revoked_at") OR OLD."unit_id" IS DISTINCT FROM (NEW."unit_id"))', func='INSERT INTO "accounts_sharedtabletevent" ("enrolled_at", "enrolled_by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "unit_id") VALUES (NEW."enrolled_at", NEW."enrolled_by_id", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."revoked_at", NEW."unit_id"); RETURN NULL;', hash='8f038912e184dd598ea772b15c32b395a3c1600e', operation='UPDATE', pgid='pgtrigger_update_update_c74a8', table='accounts_sharedtablet', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='sharedtablet',
                trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "accounts_sharedtabletevent" ("enrolled_at", "enrolled_by_id", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "revoked_at", "unit_id") VALUES (OLD."enrolled_at", OLD."enrolled_by_id", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."revoked_at", OLD."unit_id"); RETURN NULL;', hash='d2346898d8472159a1b9a5ffb8b4538713e5de79', operation='DELETE', pgid='pgtrigger_delete_delete_8a097', table='accounts_sharedtablet', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='sharedtabletevent',
                trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='25b0b0f92d0353ac348f9f225ba92f165ded3b73', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_6576e', table='accounts_sharedtabletevent', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='tabletvisit',
                constraint=models.UniqueConstraint(fields=('tablet', 'user'), name='tablet_visit_once'),
            ),
        ]),
    ]
