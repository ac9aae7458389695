extension Migration {
    /// Units, users, their tokens, and what is known of their sign-ins.
    static let people = Migration(
        1,
        "people",
        """
        create table unit (
            id text not null constraint unit_pk primary key,
            code text not null constraint unit_code_unique unique,
            name text not null,
            kind text not null constraint unit_kind_known
                check (kind in ('directorate', 'work_unit', 'regional_office', 'satker')),
            parent_id text constraint unit_parent_fk references unit (id),
            time_zone text not null,
            created_at_ms integer not null,
            updated_at_ms integer not null,
            version integer not null constraint unit_version_positive check (version > 0)
        ) strict;
        create index unit_by_kind on unit (kind, id);
        create index unit_by_parent on unit (parent_id, id);

        create table user_account (
            id text not null constraint user_account_pk primary key,
            username text not null constraint user_account_username_unique unique,
            name text not null,
            nip text constraint user_account_nip_unique unique,
            email text,
            unit_id text not null constraint user_account_unit_fk references unit (id),
            roles integer not null,
            active integer not null constraint user_account_active_flag check (active in (0, 1)),
            must_change_password integer not null constraint user_account_must_change_flag check (must_change_password in (0, 1)),
            password_hash text,
            password_expires_at_ms integer,
            created_at_ms integer not null,
            updated_at_ms integer not null,
            version integer not null constraint user_account_version_positive check (version > 0)
        ) strict;
        create index user_account_by_unit on user_account (unit_id, id);

        create table token (
            id text not null constraint token_pk primary key,
            user_id text not null constraint token_user_fk references user_account (id),
            kind text not null constraint token_kind_known check (kind in ('session', 'personal', 'machine')),
            name text not null,
            prefix text not null,
            scopes text not null,
            hash blob not null constraint token_hash_unique unique,
            address text,
            created_at_ms integer not null,
            expires_at_ms integer not null,
            last_used_at_ms integer
        ) strict;
        create index token_by_user on token (user_id, kind, id);
        create index token_by_expiry on token (expires_at_ms);

        create table login_failure (
            key text not null constraint login_failure_pk primary key,
            count integer not null,
            in_window integer not null,
            window_start_ms integer not null,
            last_at_ms integer not null
        ) strict;

        create table login_success (
            account text not null,
            address text not null,
            at_ms integer not null,
            constraint login_success_pk primary key (account, address)
        ) strict;

        create table idempotency_key (
            user_id text not null,
            route text not null,
            key text not null,
            request_hash blob not null,
            status integer not null,
            location text,
            entity_tag text,
            content_type text,
            body blob not null,
            sealed integer not null constraint idempotency_key_sealed_flag check (sealed in (0, 1)),
            created_at_ms integer not null,
            constraint idempotency_key_pk primary key (user_id, route, key)
        ) strict;
        create index idempotency_key_by_age on idempotency_key (created_at_ms);
        """
    )
}
