"""Where rows from other systems come from, for the system alone; remarks beside faults."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


# Only the import and what answers for a person's whole data reads these numbers; nobody's page does.
SYSTEM_ONLY = """
ALTER TABLE exchange_foreignrecord ENABLE ROW LEVEL SECURITY;
CREATE POLICY rows_all ON exchange_foreignrecord USING ((SELECT access_system()));
"""
FREE = """
DROP POLICY rows_all ON exchange_foreignrecord;
ALTER TABLE exchange_foreignrecord DISABLE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('citizens', '0007_network_map'),
        ('exchange', '0001_initial'),
        ('practice', '0006_assessment_drafts'),
    ]

    operations = [
        migrations.CreateModel(
            name='ForeignRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('borgere', 'borger'), ('relationer', 'relation'), ('maal', 'mål'), ('notater', 'notat')], max_length=10)),
                ('system', models.CharField(max_length=40, verbose_name='kildesystem')),
                ('fingerprint', models.BinaryField(max_length=32)),
                ('target', models.BigIntegerField()),
                ('said', models.BinaryField(max_length=32)),
                ('version', models.PositiveIntegerField(null=True)),
                ('written_at', models.DateTimeField(verbose_name='indlæst')),
            ],
            options={
                'verbose_name': 'nummer i et andet system',
                'verbose_name_plural': 'numre i andre systemer',
            },
        ),
        migrations.RemoveConstraint(
            model_name='transfer',
            name='transfer_kind',
        ),
        migrations.AddField(
            model_name='transfer',
            name='remarks',
            field=models.JSONField(default=dict),
        ),
        migrations.AddConstraint(
            model_name='transfer',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['enheder', 'pladser', 'borgere', 'ophold', 'relationer', 'maal', 'notater'])), name='transfer_kind'),
        ),
        migrations.AddField(
            model_name='foreignrecord',
            name='citizen',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='citizens.citizen', verbose_name='borger'),
        ),
        migrations.AddConstraint(
            model_name='foreignrecord',
            constraint=models.UniqueConstraint(fields=('kind', 'fingerprint'), name='foreign_record_once'),
        ),
        migrations.AddConstraint(
            model_name='foreignrecord',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['borgere', 'relationer', 'maal', 'notater'])), name='foreign_record_kind'),
        ),
        migrations.RunSQL(SYSTEM_ONLY, FREE),
    ]
