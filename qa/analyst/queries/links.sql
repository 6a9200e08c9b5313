-- One row per kind of link and number of links: how many students have no guardian, one, two ...
-- A link whose endpoint was not received is left out: nobody knows how many there are.
with
students as (
    select student_id from warehouse.marts.students
),

contacts as (
    select
        contact_id,
        is_guardian
    from warehouse.marts.contacts
),

student_contacts as (
    select
        student_id,
        contact_id,
        bool_or(contact_type = 'G') as is_guardian
    from warehouse.marts.student_contacts
    group by student_id, contact_id
),

by_student as (
    select
        student_id,
        count(*) as contacts,
        count(*) filter (where is_guardian) as guardians
    from student_contacts
    group by student_id
),

by_contact as (
    select
        contact_id,
        count(*) as students,
        count(*) filter (where is_guardian) as students_of_guardian
    from student_contacts
    group by contact_id
),

by_phones as (
    select
        contact_id,
        count(*) as phones
    from warehouse.marts.contact_phones
    group by contact_id
),

by_addresses as (
    select
        contact_id,
        count(*) as addresses
    from warehouse.marts.contact_addresses
    group by contact_id
),

of_students as (
    select
        unnest([
            {
                'place': 1,
                'link': 'guardians of a student',
                'endpoint': 'StudentContact',
                'number': coalesce(by_student.guardians, 0)
            },
            {
                'place': 2,
                'link': 'contacts of a student',
                'endpoint': 'StudentContact',
                'number': coalesce(by_student.contacts, 0)
            }
        ]) as counted
    from students
    left join by_student on students.student_id = by_student.student_id
),

of_contacts as (
    select
        unnest([
            {
                'place': 4,
                'link': 'students of a contact',
                'endpoint': 'StudentContact',
                'number': coalesce(by_contact.students, 0)
            }
        ]) as counted
    from contacts
    left join by_contact on contacts.contact_id = by_contact.contact_id
),

of_guardians as (
    select
        unnest([
            {
                'place': 3,
                'link': 'students of a guardian',
                'endpoint': 'StudentContact',
                'number': coalesce(by_contact.students_of_guardian, 0)
            },
            {
                'place': 5,
                'link': 'phones of a guardian',
                'endpoint': 'ContactPhone',
                'number': coalesce(by_phones.phones, 0)
            },
            {
                'place': 6,
                'link': 'addresses of a guardian',
                'endpoint': 'ContactAddress',
                'number': coalesce(by_addresses.addresses, 0)
            }
        ]) as counted
    from contacts
    left join by_contact on contacts.contact_id = by_contact.contact_id
    left join by_phones on contacts.contact_id = by_phones.contact_id
    left join by_addresses on contacts.contact_id = by_addresses.contact_id
    where contacts.is_guardian
),

counted as (
    select counted from of_students
    union all
    select counted from of_contacts
    union all
    select counted from of_guardians
),

final as (
    select
        counted.link,
        counted.number,
        count(*) as records,
        round(count(*) / sum(count(*)) over (partition by counted.link), 4) as share
    from counted
    where not list_contains(cast($missing as varchar[]), counted.endpoint)
    group by counted.place, counted.link, counted.number
    order by counted.place, counted.number
)

select * from final
