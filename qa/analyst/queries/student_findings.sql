-- One row per check that a record of the student, or of a contact of the student, fails.
with
failing as (
    select * from warehouse.checks.failing_values
),

links as (
    select contact_id from warehouse.intermediate.int_student_contacts_ranked
    where student_id = $student_id
),

schools as (
    select school_id from warehouse.intermediate.int_students_keyed
    where student_id = $student_id
),

pseudonyms as (
    select * from raw_store.history.pseudonyms
),

final as (
    select
        failing.check_id,
        case
            when failing.entity = 'schools' then failing.school
            when failing.entity in ('students', 'ud_fields') then failing.student
            else failing.contact
        end as whose,
        failing.field,
        failing.value,
        failing.reason,
        pseudonyms.pseudonym,
        failing.record_key
    from failing
    left join pseudonyms on failing.entity = pseudonyms.kind and failing.record_key = pseudonyms.record_key
    where
        case
            when failing.entity in ('students', 'ud_fields', 'student_contacts')
                then failing.student_id = $student_id
            when failing.entity = 'schools' then failing.school_id in (select schools.school_id from schools)
            else failing.contact_id in (select links.contact_id from links)
        end
    order by
        failing.check_id asc,
        failing.position asc
)

select * from final
