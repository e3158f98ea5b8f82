"""Who sees whose shift: the database's own word for it. And the scale and the shifts every house begins with.

A citizen's rows are read with the record and written by those who work where the citizen lives; the citizen reads
their own absences and the appointments shared with them; relatives the appointments shared with them while the citizen
consents. What is a unit's alone is read and written by those who work or lead in the unit.
"""

from django.db import migrations

from roedtraad.duty import defaults

HISTORY = {
    # What stood in an appointment before it was shared is the record's, not the citizen's copy.
    "appointment": "citizen_id IN (SELECT journeys_record_citizens())"
    " OR (citizen_id IS NULL AND unit_id IN (SELECT duty_units()))",
    **{
        table: f"pgh_obj_id IN (SELECT id FROM duty_{table})"  # nosec B608  our own words
        for table in ("absence", "handover", "handoverline")
    },
}

FORWARD = """
-- Units in which the reader works a shift.
CREATE FUNCTION duty_units() RETURNS SETOF bigint LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT journeys_units_now() UNION SELECT journeys_units_booked()
$$;

ALTER TABLE duty_absence ENABLE ROW LEVEL SECURITY;
CREATE POLICY absences_read ON duty_absence FOR SELECT USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_record_citizens() UNION SELECT journeys_own_citizens()));
CREATE POLICY absences_write ON duty_absence FOR INSERT WITH CHECK (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_worked_citizens()));
CREATE POLICY absences_change ON duty_absence FOR UPDATE USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_worked_citizens()));
CREATE POLICY absences_remove ON duty_absence FOR DELETE USING ((SELECT access_system()));

ALTER TABLE duty_riskreading ENABLE ROW LEVEL SECURITY;
CREATE POLICY readings_read ON duty_riskreading FOR SELECT USING (
    (SELECT access_system()) OR citizen_id IN (SELECT journeys_record_citizens()));
CREATE POLICY readings_write ON duty_riskreading FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR (set_by_id = (SELECT access_user()) AND citizen_id IN (SELECT journeys_worked_citizens())));

ALTER TABLE duty_appointment ENABLE ROW LEVEL SECURITY;
CREATE POLICY appointments_read ON duty_appointment FOR SELECT USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_record_citizens())
    OR (shared_with_citizen AND citizen_id IN (SELECT journeys_own_citizens()))
    OR (shared_with_relatives AND citizen_id IN (SELECT citizens_consented('calendar')))
    OR (citizen_id IS NULL AND unit_id IN (SELECT duty_units())));
CREATE POLICY appointments_write ON duty_appointment FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_worked_citizens())
    OR (citizen_id IS NULL AND unit_id IN (SELECT duty_units())));
CREATE POLICY appointments_change ON duty_appointment FOR UPDATE USING (
    (SELECT access_system())
    OR citizen_id IN (SELECT journeys_worked_citizens())
    OR (citizen_id IS NULL AND unit_id IN (SELECT duty_units())));
CREATE POLICY appointments_remove ON duty_appointment FOR DELETE USING ((SELECT access_system()));

ALTER TABLE duty_handover ENABLE ROW LEVEL SECURITY;
CREATE POLICY handovers_read ON duty_handover FOR SELECT USING (
    (SELECT access_system()) OR unit_id IN (SELECT duty_units()));
CREATE POLICY handovers_write ON duty_handover FOR INSERT WITH CHECK (
    (SELECT access_system()) OR (written_by_id = (SELECT access_user()) AND unit_id IN (SELECT duty_units())));
CREATE POLICY handovers_change ON duty_handover FOR UPDATE USING (
    (SELECT access_system()) OR unit_id IN (SELECT duty_units()));
CREATE POLICY handovers_remove ON duty_handover FOR DELETE USING ((SELECT access_system()));

-- A line about a citizen is part of the citizen's record, whoever reads the handover.
ALTER TABLE duty_handoverline ENABLE ROW LEVEL SECURITY;
CREATE POLICY lines_read ON duty_handoverline FOR SELECT USING (
    (SELECT access_system())
    OR (handover_id IN (SELECT id FROM duty_handover)
        AND (citizen_id IS NULL OR citizen_id IN (SELECT journeys_record_citizens()))));
CREATE POLICY lines_write ON duty_handoverline FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR (handover_id IN (SELECT id FROM duty_handover)
        AND (citizen_id IS NULL OR citizen_id IN (SELECT journeys_worked_citizens()))));
CREATE POLICY lines_change ON duty_handoverline FOR UPDATE USING (
    (SELECT access_system())
    OR (handover_id IN (SELECT id FROM duty_handover)
        AND (citizen_id IS NULL OR citizen_id IN (SELECT journeys_worked_citizens()))));
CREATE POLICY lines_remove ON duty_handoverline FOR DELETE USING ((SELECT access_system()));

ALTER TABLE duty_handoverread ENABLE ROW LEVEL SECURITY;
CREATE POLICY reads_read ON duty_handoverread FOR SELECT USING (
    (SELECT access_system()) OR handover_id IN (SELECT id FROM duty_handover));
CREATE POLICY reads_write ON duty_handoverread FOR INSERT WITH CHECK (
    (SELECT access_system())
    OR (user_id = (SELECT access_user()) AND handover_id IN (SELECT id FROM duty_handover)));
""" + "".join(
    f"""
ALTER TABLE duty_{table}event ENABLE ROW LEVEL SECURITY;
CREATE POLICY history_read ON duty_{table}event FOR SELECT USING (
    (SELECT access_system()) OR {shown});
CREATE POLICY history_write ON duty_{table}event FOR INSERT WITH CHECK (
    (SELECT access_system()) OR pg_trigger_depth() > 0);
"""
    for table, shown in HISTORY.items()
)  # nosec B608  our own words

POLICIES = {
    "absence": ("absences_read", "absences_write", "absences_change", "absences_remove"),
    "riskreading": ("readings_read", "readings_write"),
    "appointment": (
        "appointments_read", "appointments_write", "appointments_change", "appointments_remove",
    ),
    "handover": ("handovers_read", "handovers_write", "handovers_change", "handovers_remove"),
    "handoverline": ("lines_read", "lines_write", "lines_change", "lines_remove"),
    "handoverread": ("reads_read", "reads_write"),
    **{f"{table}event": ("history_read", "history_write") for table in HISTORY},
}

# Lines and readings ask their handover: theirs go first.
BACKWARD = "".join(
    "".join(f"DROP POLICY {policy} ON duty_{table};\n" for policy in policies)
    + f"ALTER TABLE duty_{table} DISABLE ROW LEVEL SECURITY;\n"
    for table, policies in reversed(POLICIES.items())
) + "DROP FUNCTION duty_units();\n"


def write_defaults(apps, _schema_editor):
    defaults.write(lambda name: apps.get_model("duty", name))


class Migration(migrations.Migration):
    dependencies = [("duty", "0001_initial"), ("journeys", "0007_relation_rows")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(write_defaults, migrations.RunPython.noop),
    ]
