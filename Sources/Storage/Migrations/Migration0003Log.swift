extension Migration {
    /// The append-only log of events, each bound to the one before it by its hash.
    static let log = Migration(
        3,
        "log",
        """
        create table event (
            seq integer primary key,
            id text not null,
            time_ms integer not null,
            type text not null,
            subject text not null,
            subject_id text not null,
            unit_id text,
            actor_id text,
            token_id text,
            request_id text,
            from_state text,
            to_state text,
            reason text,
            note text,
            changed text not null,
            hash blob not null constraint event_hash_whole check (length(hash) = 32)
        ) strict;
        create index event_by_subject on event (subject_id, seq);

        create trigger event_keeps_rows before delete on event begin
            select raise(abort, 'event is append-only');
        end;
        create trigger event_keeps_values before update on event begin
            select raise(abort, 'event is append-only');
        end;
        """
    )
}
