with
before as (
    select * from {{ source('baseline', 'students') }}
),

now as (
    select * from {{ ref('import_students') }}
),

kept as (
    select * from {{ ref('import_carried') }} where import = 'students'
),

status as (
    select * from {{ source('baseline', 'status') }}
),

layout as (
    select * from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}'
),

layout_fields as (
    select
        coalesce(list(field) filter (where file = 'students.csv'), []) as student_fields,
        bool_or(file = 'guardians.csv') as has_guardians
    from layout
),

compared as (
    select
        list_intersect(coalesce(status.student_fields, []), layout_fields.student_fields) as fields,
        status.guardian_fields is not null as had_guardians,
        layout_fields.has_guardians
    from status
    cross join layout_fields
),

guardians_before as (
    select
        student_id,
        count(*) as guardians
    from {{ source('baseline', 'guardians') }}
    group by student_id
),

guardians_now as (
    select
        student_id,
        count(*) as guardians
    from {{ ref('import_guardians') }}
    group by student_id
),

joined as (
    select
        coalesce(now.student_id, before.student_id) as student_id,
        before.student_id is not null as was_there,
        now.student_id is not null as is_there,
        case
            when before.student_id is not null and now.student_id is not null and now.kept_as is null
                then {{ changed_fields('students.csv', 'compared.fields') }}
            else []
        end as changed_fields,
        before.kept_as as kept_as_before,
        now.kept_as,
        -- A file that was published before schools were recorded: the student has not moved, as far as we know.
        case when before.student_id is not null then coalesce(before.school_id, now.school_id) end as school_id_before,
        now.school_id,
        before.enrollment_status as enrollment_status_before,
        now.enrollment_status,
        coalesce(now.first_name, before.first_name) as first_name,
        coalesce(now.last_name, before.last_name) as last_name,
        coalesce(now.birth_date, before.birth_date) as birth_date,
        now.kept_as is null
        and (
            {{ is_renamed('before.first_name', 'now.first_name') }}
            or {{ is_renamed('before.last_name', 'now.last_name') }}
            or before.birth_date <> now.birth_date
            or before.gender <> now.gender
        ) as is_identity_overwritten
    from before
    full outer join now on before.student_id = now.student_id
    cross join compared
),

effects as (
    select
        joined.*,
        {{ load_effect('joined') }} as effect,
        kept.check_id as refused_by,
        kept.since_run_id as carried_since,
        coalesce(kept.is_new, false) as is_new,
        not joined.is_there and coalesce(joined.kept_as_before = 'departed', false) as is_expected
    from joined
    left join kept on joined.student_id = kept.student_id
),

{% for load in ('before', 'now') -%}
people_{{ load }} as (
    select
        student_id,
        {{ to_person('first_name') }} || '/' || {{ to_person('last_name') }} || '/' || birth_date as person
    from {{ load }}
),

{% endfor -%}

-- Ids that stand for someone else now, who was not in the last load under any id: ids of two districts may be the same
-- small numbers.
other_people as (
    select before.student_id
    from before
    inner join now on before.student_id = now.student_id
    inner join people_now on now.student_id = people_now.student_id
    anti join people_before on people_now.person = people_before.person
    where
        now.kept_as is null
        and {{ is_renamed('before.first_name', 'now.first_name') }}
        and {{ is_renamed('before.last_name', 'now.last_name') }}
        and before.birth_date <> now.birth_date
),

-- Who is gone, and who is added, by what tells that they are one person.
moves as (
    select
        student_id,
        effect = 'add' as is_added,
        unnest([
            {{ to_person('first_name') }} || '/' || {{ to_person('last_name') }} || '/' || birth_date,
            '/' || nullif(ltrim(student_id, '0'), '')
        ]) as person
    from effects
    where effect = 'add' or (effect = 'departed' and is_new) or (effect = 'delete' and not is_expected)
),

added as (
    select
        person,
        min(student_id) as student_id
    from moves
    where is_added
    group by person
),

replaced as (
    select
        moves.student_id,
        min(added.student_id) as replaced_by_student_id
    from moves
    inner join added on moves.person = added.person
    where not moves.is_added
    group by moves.student_id
),

replacing as (
    select distinct replaced_by_student_id as student_id from replaced
),

final as (
    select
        effects.student_id,
        effects.effect,
        case
            when effects.effect = 'add' and replacing.student_id is not null then 'renumbered'
            when effects.effect = 'add' then 'new'
            when effects.effect = 'carried' then 'refused'
            when effects.effect in ('departed', 'delete') then 'not_in_sis'
        end as cause,
        effects.changed_fields,
        replaced.replaced_by_student_id,
        effects.carried_since,
        effects.school_id_before,
        effects.school_id,
        effects.refused_by,
        effects.is_new,
        effects.is_expected,
        coalesce(effects.is_identity_overwritten, false) as is_identity_overwritten,
        other_people.student_id is not null as is_other_person,
        effects.enrollment_status_before,
        effects.enrollment_status,
        if(compared.has_guardians and compared.had_guardians, coalesce(guardians_before.guardians, 0), 0)
            as guardians_before,
        if(compared.has_guardians, coalesce(guardians_now.guardians, 0), 0) as guardians
    from effects
    cross join compared
    left join other_people on effects.student_id = other_people.student_id
    left join replaced on effects.student_id = replaced.student_id
    left join replacing on effects.student_id = replacing.student_id
    left join guardians_before on effects.student_id = guardians_before.student_id
    left join guardians_now on effects.student_id = guardians_now.student_id
)

select * from final
