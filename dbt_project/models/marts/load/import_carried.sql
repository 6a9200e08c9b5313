{#-
What is sent as last published, so that a refusal deletes no one and a student who left is not enrolled forever.
A refused record is kept for as long as it is in the SIS and refused; a student who left, for a number of published
runs. A guardian whose link is gone, or is of another type now, is not kept: that is what the district wants. But if
records are newly received whose ids can't be read, no one knows whose they are: who is missing since then is kept.
-#}
with
rejects as (
    select * from {{ ref('import_rejects') }} where reason not in ('duplicate_key', 'merged_duplicate')
),

students as (
    select * from {{ ref('int_students_keyed') }} where student_id is not null
),

links as (
    select * from {{ ref('int_student_contacts_ranked') }} where quarantine_reason is null and contact_type = 'G'
),

-- Links of any type: who has one is not missing.
known_links as (
    select * from {{ ref('int_student_contacts_ranked') }} where student_id is not null and contact_id is not null
),

unreadable_students as (
    select
        count(*) > 0 as has_any,
        count(*) > 0 and not exists (
            select 1 from {{ ref('stg_baseline__state') }} as before
            where before.file = 'students' and before.effect = 'refused' and before.student_id is null
        ) as has_new
    from {{ ref('int_students_keyed') }}
    where student_id is null
),

published_students as (
    select * from {{ ref('int_students_published') }}
),

published_guardians as (
    select * from {{ ref('int_guardians_published') }}
),

state as (
    select * from {{ ref('stg_baseline__state') }}
),

status as (
    select * from {{ ref('stg_baseline__status') }}
),

layouts as (
    select * from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}'
),

refused_students as (
    select
        student_id,
        min(check_id) as check_id
    from rejects
    where import = 'students'
    group by student_id
),

refused_guardians as (
    select
        student_id,
        contact_id,
        min(check_id) as check_id
    from rejects
    where import = 'guardians'
    group by student_id, contact_id
),

-- An id can be sent twice: one record is refused, and the other one is in the file.
accepted_students as (
    select students.*
    from students
    anti join rejects on rejects.import = 'students' and students.position = rejects.position
    where students.quarantine_reason is null
),

accepted_guardians as (
    select links.*
    from links
    anti join rejects on rejects.import = 'guardians' and links.position = rejects.position
),

missing_students as (
    select
        published_students.student_id,
        case
            when published_students.kept_as = 'departed' then false
            when unreadable_students.has_new then true
            else
                unreadable_students.has_any
                and published_students.kept_as is not null
                and coalesce(state.check_id, '') = 'students__student_id__required'
        end as is_kept
    from published_students
    cross join unreadable_students
    anti join students on published_students.student_id = students.student_id
    left join state on state.file = 'students' and published_students.student_id = state.student_id
),

kept_students as (
    select
        published_students.student_id,
        'carried' as kept_as,
        refused_students.check_id
    from published_students
    inner join refused_students on published_students.student_id = refused_students.student_id
    anti join accepted_students on published_students.student_id = accepted_students.student_id
    union all
    select
        student_id,
        'carried' as kept_as,
        'students__student_id__required' as check_id
    from missing_students
    where is_kept
    union all
    select
        student_id,
        'departed' as kept_as,
        cast(null as varchar) as check_id
    from missing_students
    where
        not is_kept
        and '{{ var("departed_students") }}' = 'inactive'
        -- A layout that can't say INACTIVE would keep the student enrolled.
        and exists (select 1 from layouts where layouts.field = 'enrollment_status')
),

kept_students_with_state as (
    select
        kept_students.student_id,
        kept_students.kept_as,
        kept_students.check_id,
        state.since_run_id,
        coalesce(state.runs, 0) as runs_before
    from kept_students
    left join state
        on
            state.file = 'students'
            and kept_students.student_id = state.student_id
            and kept_students.kept_as = state.effect
    where kept_students.kept_as = 'carried' or coalesce(state.runs, 0) < {{ var('departed_runs') }}
),

-- A guardian goes with the student: as received with one who is carried, as published with one who left.
students_in_the_file as (
    select
        student_id,
        cast(null as varchar) as kept_as
    from accepted_students
    union all
    select
        student_id,
        kept_as
    from kept_students_with_state
),

-- Guardians' links with an id that can't be read, or that no record has.
unreadable_links as (
    select
        rejects.student_id,
        rejects.contact_id,
        rejects.check_id,
        state.file is null as is_new
    from rejects
    anti join published_guardians
        on
            rejects.student_id = published_guardians.student_id
            and rejects.contact_id = published_guardians.contact_id
    left join state
        on
            state.file = 'guardians'
            and state.effect = 'refused'
            and rejects.student_id is not distinct from state.student_id
            and rejects.contact_id is not distinct from state.contact_id
    where
        rejects.import = 'guardians'
        and rejects.check_id in ('student_contacts__student_id__exists', 'student_contacts__contact_id__exists')
),

missing_guardians as (
    select
        published_guardians.student_id,
        published_guardians.contact_id,
        coalesce(published_guardians.kept_as = 'carried', false) as was_kept
    from published_guardians
    anti join known_links
        on
            published_guardians.student_id = known_links.student_id
            and published_guardians.contact_id = known_links.contact_id
),

missing_guardians_kept as (
    select
        missing_guardians.student_id,
        missing_guardians.contact_id,
        unreadable_links.check_id
    from missing_guardians
    inner join unreadable_links on missing_guardians.student_id = unreadable_links.student_id
    where
        unreadable_links.check_id = 'student_contacts__contact_id__exists'
        and (unreadable_links.is_new or missing_guardians.was_kept)
    union all
    select
        missing_guardians.student_id,
        missing_guardians.contact_id,
        unreadable_links.check_id
    from missing_guardians
    inner join unreadable_links on missing_guardians.contact_id = unreadable_links.contact_id
    where
        unreadable_links.check_id = 'student_contacts__student_id__exists'
        and (unreadable_links.is_new or missing_guardians.was_kept)
),

kept_guardians as (
    select
        published_guardians.student_id,
        published_guardians.contact_id,
        'departed' as kept_as,
        cast(null as varchar) as check_id
    from published_guardians
    inner join students_in_the_file
        on
            published_guardians.student_id = students_in_the_file.student_id
            and students_in_the_file.kept_as = 'departed'
    union all
    select
        published_guardians.student_id,
        published_guardians.contact_id,
        'carried' as kept_as,
        refused_guardians.check_id
    from published_guardians
    inner join refused_guardians
        on
            published_guardians.student_id = refused_guardians.student_id
            and published_guardians.contact_id = refused_guardians.contact_id
    inner join students_in_the_file
        on
            published_guardians.student_id = students_in_the_file.student_id
            and students_in_the_file.kept_as is distinct from 'departed'
    anti join accepted_guardians
        on
            published_guardians.student_id = accepted_guardians.student_id
            and published_guardians.contact_id = accepted_guardians.contact_id
    union all
    select
        missing_guardians_kept.student_id,
        missing_guardians_kept.contact_id,
        'carried' as kept_as,
        min(missing_guardians_kept.check_id) as check_id
    from missing_guardians_kept
    inner join students_in_the_file
        on
            missing_guardians_kept.student_id = students_in_the_file.student_id
            and students_in_the_file.kept_as is distinct from 'departed'
    group by missing_guardians_kept.student_id, missing_guardians_kept.contact_id
),

kept as (
    select
        'students' as import,
        student_id,
        cast(null as varchar) as contact_id,
        kept_as,
        check_id,
        since_run_id,
        runs_before
    from kept_students_with_state
    union all
    select
        'guardians' as import,
        kept_guardians.student_id,
        kept_guardians.contact_id,
        kept_guardians.kept_as,
        kept_guardians.check_id,
        state.since_run_id,
        coalesce(state.runs, 0) as runs_before
    from kept_guardians
    left join state
        on
            state.file = 'guardians'
            and kept_guardians.student_id = state.student_id
            and kept_guardians.contact_id = state.contact_id
            and kept_guardians.kept_as = state.effect
),

final as (
    select
        kept.import,
        kept.student_id,
        kept.contact_id,
        kept.kept_as,
        kept.check_id,
        coalesce(kept.since_run_id, {{ this_run() }}) as since_run_id,
        -- The published run itself, built again, is not counted twice.
        greatest(kept.runs_before + cast(status.run_id <> {{ this_run() }} as bigint), 1) as runs,
        kept.runs_before = 0 as is_new
    from kept
    cross join status
)

select * from final
