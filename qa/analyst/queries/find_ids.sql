-- One row per person and id of theirs that is the text, or begins with it.
with
students as (
    select * from int_students_keyed
),

contacts as (
    select * from int_contacts_keyed
),

only_in_import as (
    select * from only_in_import
),

ids as (
    select
        'Student' as endpoint,
        position,
        'student id' as field,
        student_id as id
    from students
    union all
    select
        'Student' as endpoint,
        position,
        'state id' as field,
        state_student_id as id
    from students
    union all
    select
        'import' as endpoint,
        position,
        'student id' as field,
        student_id as id
    from only_in_import
    union all
    select
        'import' as endpoint,
        position,
        'state id' as field,
        state_student_id as id
    from only_in_import
    union all
    select
        'Contact' as endpoint,
        position,
        'contact id' as field,
        contact_id as id
    from contacts
),

scored as (
    select
        endpoint,
        position,
        field || ' ' || id as matched,
        case
            when lower(id) = $text then 1.0
            when ltrim(lower(id), '0') = ltrim($text, '0') then 0.95
            when length($text) >= 3 and starts_with(lower(id), $text) then 0.5
            else 0.0
        end as score
    from ids
    where id is not null
),

final as (
    select
        endpoint,
        position,
        score,
        matched
    from scored
    where score > 0
)

select * from final
