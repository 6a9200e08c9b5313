-- One row per id that a built run knows, and its kind.
with
found as (
    select
        'student_id' as kind,
        student_id as id
    from stg_plus360__students
    union all
    select
        'student_id' as kind,
        student_id as id
    from stg_plus360__student_contacts
    union all
    select
        'contact_id' as kind,
        contact_id as id
    from stg_plus360__contacts
    union all
    select
        'contact_id' as kind,
        contact_id as id
    from stg_plus360__student_contacts
    union all
    select
        'school_id' as kind,
        school_id as id
    from stg_plus360__schools
),

final as (
    select distinct
        kind,
        id
    from found
    where id is not null
)

select * from final
