with
layout as (
    select * from {{ ref('import_layouts') }} where layout = '{{ var("layout") }}' and file = 'guardians.csv'
),

before as (
    select * from {{ source('baseline', 'guardians') }} where exists (select 1 from layout)
),

now as (
    select * from {{ ref('import_guardians') }} where exists (select 1 from layout)
),

students as (
    select
        student_id,
        effect <> 'delete' as is_in_file,
        school_id_before,
        school_id
    from {{ ref('load_students') }}
),

kept as (
    select * from {{ ref('import_carried') }} where import = 'guardians'
),

links as (
    select * from {{ ref('student_contacts') }}
),

contacts as (
    select contact_id from {{ ref('contacts') }}
),

compared as (
    select
        list_intersect(
            coalesce((select status.guardian_fields from {{ source('baseline', 'status') }} as status), []),
            coalesce(list(field), [])
        ) as fields
    from layout
),

joined as (
    select
        coalesce(now.student_id, before.student_id) as student_id,
        coalesce(now.contact_id, before.contact_id) as contact_id,
        before.contact_id is not null as was_there,
        now.contact_id is not null as is_there,
        case
            when before.contact_id is not null and now.contact_id is not null and now.kept_as is null
                then {{ changed_fields('guardians.csv', 'compared.fields') }}
            else []
        end as changed_fields,
        before.kept_as as kept_as_before,
        now.kept_as,
        case when before.contact_id is not null then students.school_id_before end as school_id_before,
        case when now.contact_id is not null then students.school_id end as school_id,
        coalesce(students.is_in_file, false) as has_student,
        coalesce(now.first_name, before.first_name) as first_name,
        coalesce(now.last_name, before.last_name) as last_name,
        -- A new last name alone is most often a marriage.
        now.kept_as is null and {{ is_renamed('before.first_name', 'now.first_name') }} as is_identity_overwritten
    from before
    full outer join now on before.student_id = now.student_id and before.contact_id = now.contact_id
    cross join compared
    left join students on coalesce(now.student_id, before.student_id) = students.student_id
),

effects as (
    select
        joined.*,
        {{ load_effect('joined') }} as effect,
        kept.check_id as refused_by,
        kept.since_run_id as carried_since,
        coalesce(kept.is_new, false) as is_new
    from joined
    left join kept on joined.student_id = kept.student_id and joined.contact_id = kept.contact_id
),

deleted as (
    select * from effects where effect = 'delete'
),

-- Guardians deleted and added, by what tells that they are one person with the same student.
moves as (
    select
        student_id,
        contact_id,
        effect = 'add' as is_added,
        unnest([
            nullif({{ to_person("concat_ws('', first_name, last_name)") }}, ''),
            '/' || nullif(ltrim(contact_id, '0'), '')
        ]) as person
    from effects
    where effect in ('add', 'delete')
),

added as (
    select
        student_id,
        person,
        min(contact_id) as contact_id
    from moves
    where is_added
    group by student_id, person
),

replaced as (
    select
        moves.student_id,
        moves.contact_id,
        min(added.contact_id) as replaced_by_contact_id
    from moves
    inner join added on moves.student_id = added.student_id and moves.person = added.person
    where not moves.is_added
    group by moves.student_id, moves.contact_id
),

replacing as (
    select distinct
        student_id,
        replaced_by_contact_id as contact_id
    from replaced
),

added_contacts as (
    select distinct contact_id from effects where effect = 'add'
),

deleted_contacts as (
    select distinct contact_id from deleted
),

linked as (
    select
        links.student_id,
        links.contact_id,
        bool_or(links.contact_type = 'G') as is_guardian
    from links
    inner join deleted on links.student_id = deleted.student_id and links.contact_id = deleted.contact_id
    group by links.student_id, links.contact_id
),

deletions as (
    select
        deleted.student_id,
        deleted.contact_id,
        -- A link of type G that is no longer exported, and not refused either: the same person has another id.
        case
            when not deleted.has_student then 'student_departed'
            when replaced.contact_id is not null then 'renumbered'
            when linked.is_guardian then 'merged_duplicate'
            when linked.contact_id is not null then 'contact_type_changed'
            when contacts.contact_id is null then 'contact_gone'
            when added_contacts.contact_id is not null then 'moved_to_another_student'
            else 'link_gone'
        end as cause
    from deleted
    left join replaced on deleted.student_id = replaced.student_id and deleted.contact_id = replaced.contact_id
    left join linked on deleted.student_id = linked.student_id and deleted.contact_id = linked.contact_id
    left join contacts on deleted.contact_id = contacts.contact_id
    left join added_contacts on deleted.contact_id = added_contacts.contact_id
),

final as (
    select
        effects.student_id,
        effects.contact_id,
        effects.effect,
        case
            when effects.effect = 'add' and replacing.contact_id is not null then 'renumbered'
            when effects.effect = 'add' and deleted_contacts.contact_id is not null then 'moved_to_another_student'
            when effects.effect = 'add' then 'new'
            when effects.effect = 'carried' then 'refused'
            when effects.effect = 'departed' then 'student_departed'
            else deletions.cause
        end as cause,
        effects.changed_fields,
        replaced.replaced_by_contact_id,
        effects.carried_since,
        effects.school_id_before,
        effects.school_id,
        effects.refused_by,
        effects.is_new,
        effects.effect = 'delete'
        and coalesce(effects.kept_as_before = 'departed', false)
        and not effects.has_student as is_expected,
        coalesce(effects.is_identity_overwritten, false) as is_identity_overwritten
    from effects
    left join deletions on effects.student_id = deletions.student_id and effects.contact_id = deletions.contact_id
    left join replaced on effects.student_id = replaced.student_id and effects.contact_id = replaced.contact_id
    left join replacing on effects.student_id = replacing.student_id and effects.contact_id = replacing.contact_id
    left join deleted_contacts on effects.contact_id = deleted_contacts.contact_id
)

select * from final
