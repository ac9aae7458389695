extension Migration {
    /// The ledger of performance points, the recaps of each month and the cases that belong to them.
    static let points = Migration(
        16,
        "points",
        """
        create table point_rule (
            code text not null,
            version integer not null constraint point_rule_version_positive check (version > 0),
            points integer not null constraint point_rule_points_not_negative check (points >= 0),
            on_time_bonus integer not null constraint point_rule_bonus_not_negative check (on_time_bonus >= 0),
            created_at_ms integer not null,
            constraint point_rule_pk primary key (code, version)
        ) strict, without rowid;
        insert into point_rule (code, version, points, on_time_bonus, created_at_ms)
        values ('consultation.closed', 1, 1, 0, 0), ('workspace_item.completed', 1, 1, 0, 0);

        create table recap (
            id text not null constraint recap_pk primary key,
            kind text not null constraint recap_kind_known check (kind in ('consultation', 'workspace')),
            period text not null,
            state text not null constraint recap_state_known check (state in ('draft', 'submitted', 'received', 'settled')),
            procedure_version integer not null,
            compiler_id text not null constraint recap_compiler_fk references user_account (id),
            receiver_id text constraint recap_receiver_fk references user_account (id),
            settler_id text constraint recap_settler_fk references user_account (id),
            created_at_ms integer not null,
            updated_at_ms integer not null,
            -- From here on no case comes in any more.
            sealed_at_ms integer,
            submitted_at_ms integer,
            received_at_ms integer,
            settled_at_ms integer,
            -- What the documents say beside the rows, as it was at the submission.
            sha256 text,
            institution text,
            compiler_name text,
            compiler_nip text,
            version integer not null constraint recap_version_positive check (version > 0),
            constraint recap_period_unique unique (kind, period),
            constraint recap_submitted_whole check (
                (state = 'draft') = (submitted_at_ms is null) and (state = 'draft') = (sha256 is null)
                and (submitted_at_ms is null or sealed_at_ms is not null)
            )
        ) strict, without rowid;

        create table recap_total (
            recap_id text not null constraint recap_total_recap_fk references recap (id),
            part text not null,
            place integer not null,
            key text not null,
            name text not null,
            count integer not null,
            on_time integer not null,
            late integer not null,
            points integer not null,
            constraint recap_total_pk primary key (recap_id, part, place)
        ) strict, without rowid;

        -- A case as it ended, and the recap it belongs to: settled for good in the transaction that ended it.
        create table recap_row (
            kind text not null constraint recap_row_kind_known check (kind in ('consultation', 'workspace')),
            period text not null,
            case_id text not null,
            number text not null,
            title text not null,
            status text not null,
            unit_id text not null,
            officer_id text,
            topic text,
            created_at_ms integer not null,
            closed_at_ms integer not null,
            steps text not null,
            points integer not null,
            constraint recap_row_pk primary key (kind, period, case_id),
            constraint recap_row_case_unique unique (case_id)
        ) strict, without rowid;
        create index recap_row_by_officer on recap_row (officer_id, period, case_id);

        insert into recap_row (kind, period, case_id, number, title, status, unit_id, officer_id, topic, created_at_ms, closed_at_ms, steps, points)
        select 'consultation', strftime('%Y-%m', c.closed_at_ms / 1000 + 25200, 'unixepoch'), c.id, c.number, c.subject, c.state, c.unit_id,
            c.officer_id, c.topic, c.created_at_ms, c.closed_at_ms,
            coalesce((
                select group_concat(no || ':' || on_time || '/' || late, ' ')
                from (
                    select step_no as no, sum(verdict = 'on_time') as on_time, sum(verdict = 'late') as late
                    from step_timing
                    where subject_id = c.id and verdict in ('on_time', 'late')
                    group by step_no
                    order by step_no
                )
            ), ''),
            c.state = 'closed' and c.officer_id is not null
        from consultation as c
        where c.closed_at_ms is not null;
        insert into recap_row (kind, period, case_id, number, title, status, unit_id, officer_id, topic, created_at_ms, closed_at_ms, steps, points)
        select 'workspace', strftime('%Y-%m', c.closed_at_ms / 1000 + 25200, 'unixepoch'), c.id, c.number, c.title, c.state, c.unit_id,
            c.officer_id, c.priority, c.created_at_ms, c.closed_at_ms,
            coalesce((
                select group_concat(no || ':' || on_time || '/' || late, ' ')
                from (
                    select step_no as no, sum(verdict = 'on_time') as on_time, sum(verdict = 'late') as late
                    from step_timing
                    where subject_id = c.id and verdict in ('on_time', 'late')
                    group by step_no
                    order by step_no
                )
            ), ''),
            c.state = 'completed' and c.officer_id is not null
        from workspace_item as c
        where c.closed_at_ms is not null;

        create trigger recap_row_keeps_rows before delete on recap_row begin
            select raise(abort, 'recap_row is append-only');
        end;
        create trigger recap_row_keeps_values before update on recap_row begin
            select raise(abort, 'recap_row is append-only');
        end;
        create trigger recap_row_keeps_seals before insert on recap_row
        when exists (select 1 from recap where kind = new.kind and period = new.period and sealed_at_ms is not null)
        begin
            select raise(abort, 'the recap is sealed');
        end;

        create table performance_point (
            id text not null constraint performance_point_pk primary key,
            user_id text not null constraint performance_point_user_fk references user_account (id),
            unit_id text not null constraint performance_point_unit_fk references unit (id),
            period text not null,
            points integer not null,
            bonus integer not null,
            status text not null constraint performance_point_status_known check (status in ('pending', 'posted', 'reversed')),
            rule text,
            rule_version integer,
            subject_type text,
            subject_id text,
            recap_id text constraint performance_point_recap_fk references recap (id),
            -- The entry that this one posts or takes back, and what that was.
            previous_id text constraint performance_point_previous_fk references performance_point (id),
            previous_status text,
            reason text,
            actor_id text,
            created_at_ms integer not null,
            -- Each entry is followed by one other at most: it is posted once, or taken back once, and never both.
            constraint performance_point_previous_unique unique (previous_id),
            -- A case earns its points once, and they are posted once.
            constraint performance_point_case_unique unique (subject_id, rule, status),
            constraint performance_point_follows check (
                (status = 'pending' and previous_id is null and subject_id is not null)
                or (status = 'posted' and (previous_status is null and subject_id is null or previous_status = 'pending'))
                or (status = 'reversed' and previous_status in ('pending', 'posted'))
            ),
            constraint performance_point_previous_whole check ((previous_id is null) = (previous_status is null)),
            constraint performance_point_rule_fk foreign key (rule, rule_version) references point_rule (code, version)
        ) strict, without rowid;
        create index performance_point_by_user on performance_point (user_id, id);
        create index performance_point_by_period on performance_point (period, rule, status, id);

        create trigger performance_point_keeps_rows before delete on performance_point begin
            select raise(abort, 'performance_point is append-only');
        end;
        create trigger performance_point_keeps_values before update on performance_point begin
            select raise(abort, 'performance_point is append-only');
        end;

        -- The sums of the ledger, kept in the transaction of each entry; `sikimr check` adds them up again.
        create table point_balance (
            period text not null,
            user_id text not null,
            unit_id text not null,
            pending integer not null,
            posted integer not null,
            constraint point_balance_pk primary key (period, user_id, unit_id)
        ) strict, without rowid;

        create table point_objection (
            point_id text not null constraint point_objection_pk primary key
                constraint point_objection_point_fk references performance_point (id),
            user_id text not null constraint point_objection_user_fk references user_account (id),
            reason text not null,
            created_at_ms integer not null,
            answer text constraint point_objection_answer_known check (answer in ('uphold', 'reverse')),
            answer_reason text,
            answerer_id text constraint point_objection_answerer_fk references user_account (id),
            answered_at_ms integer,
            constraint point_objection_answered_whole check (
                (answer is null) = (answered_at_ms is null) and (answer is null) = (answerer_id is null)
            )
        ) strict, without rowid;

        -- What was earned before there was a ledger.
        insert into performance_point (
            id, user_id, unit_id, period, points, bonus, status, rule, rule_version, subject_type, subject_id, created_at_ms
        )
        select 'pts_' || substr(r.case_id, 5), r.officer_id, u.unit_id, r.period, 1, 0, 'pending',
            case r.kind when 'consultation' then 'consultation.closed' else 'workspace_item.completed' end, 1,
            case r.kind when 'consultation' then 'consultation' else 'workspace_item' end, r.case_id, r.closed_at_ms
        from recap_row as r
        join user_account as u on u.id = r.officer_id
        where r.points > 0
        order by r.case_id;
        insert into point_balance (period, user_id, unit_id, pending, posted)
        select period, user_id, unit_id, sum(points), 0
        from performance_point
        group by period, user_id, unit_id;
        """
    )
}
