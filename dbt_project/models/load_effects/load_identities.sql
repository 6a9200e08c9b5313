with
students as (
    select * from {{ ref('load_students') }}
),

guardians as (
    select * from {{ ref('load_guardians') }}
),

student_ids as (
    select
        count(*) filter (where effect <> 'add' and not is_expected and (effect <> 'departed' or is_new)) as before,
        count(*) filter (where effect = 'add') as added,
        count(*) filter (where (effect = 'delete' and not is_expected) or (effect = 'departed' and is_new)) as gone,
        count(replaced_by_student_id) as paired
    from students
),

-- Without the rows of students who were already sent as departed: their guardians' ids are not news.
contacts as (
    select
        contact_id,
        bool_and(effect = 'add') as is_added,
        bool_and(effect in ('delete', 'departed')) as is_gone
    from guardians
    where not is_expected and (effect <> 'departed' or is_new)
    group by contact_id
),

people_before as (
    select
        people.contact_id,
        unnest({{ people_keys('people') }}) as person
    from {{ source('baseline', 'guardians') }} as people
    inner join contacts on people.contact_id = contacts.contact_id
    where contacts.is_gone
),

people_added as (
    select unnest({{ people_keys('people') }}) as person
    from {{ ref('import_guardians') }} as people
    inner join contacts on people.contact_id = contacts.contact_id
    -- On a first run no one is gone, and everyone is added.
    where contacts.is_added and exists (select 1 from people_before)
),

paired as (
    select count(distinct people_before.contact_id) as contacts
    from people_before
    semi join people_added on people_before.person = people_added.person
),

counted as (
    select
        'students' as entity,
        before,
        added,
        gone,
        paired
    from student_ids
    union all
    select
        'contacts' as entity,
        count(*) filter (where not contacts.is_added) as before,
        count(*) filter (where contacts.is_added) as added,
        count(*) filter (where contacts.is_gone) as gone,
        (select paired.contacts from paired) as paired
    from contacts
),

final as (
    select
        entity,
        before,
        added,
        gone,
        paired,
        paired / nullif(gone, 0) as paired_share
    from counted
)

select * from final
