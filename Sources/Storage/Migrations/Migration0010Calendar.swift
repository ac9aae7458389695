extension Migration {
    /// The calendars of the service and of its units, version by version, and the time zones that units once had.
    static let calendar = Migration(
        10,
        "calendar",
        """
        -- The calendar of the service has the empty unit; a version without a document takes the calendar of a unit away.
        create table calendar (
            unit_id text not null,
            version integer not null constraint calendar_version_positive check (version > 0),
            document text,
            created_at_ms integer not null,
            constraint calendar_pk primary key (unit_id, version),
            constraint calendar_service_has_document check (unit_id <> '' or document is not null)
        ) strict, without rowid;

        -- One number for the state of all calendars and zones, never the same for two of them, so that a connection knows whether what it
        -- has read still holds: a change that is undone must not leave its number to the next one.
        create table calendar_state (
            only integer not null constraint calendar_state_pk primary key constraint calendar_state_single check (only = 1),
            mark integer not null
        ) strict;
        insert into calendar_state (only, mark) values (1, 0);

        create table unit_zone (
            unit_id text not null,
            until_ms integer not null,
            time_zone text not null,
            constraint unit_zone_pk primary key (unit_id, until_ms)
        ) strict, without rowid;

        create trigger calendar_changes after insert on calendar begin
            update calendar_state set mark = random();
        end;
        create trigger unit_begins after insert on unit begin
            update calendar_state set mark = random();
        end;
        create trigger unit_moves after update of time_zone on unit when new.time_zone <> old.time_zone begin
            insert or ignore into unit_zone (unit_id, until_ms, time_zone) values (old.id, new.updated_at_ms, old.time_zone);
            update calendar_state set mark = random();
        end;
        """
    )
}
