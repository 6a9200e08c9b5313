-- One row per kind of link and number of links: how many students have no guardian, one, two ...
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

contact_phones as (
    select contact_id from warehouse.marts.contact_phones
),

contact_addresses as (
    select contact_id from warehouse.marts.contact_addresses
),

counted as (
    select
        1 as place,
        'guardians of a student' as link,
        students.student_id as record_id,
        count(student_contacts.contact_id) filter (where student_contacts.is_guardian) as number
    from students
    left join student_contacts on students.student_id = student_contacts.student_id
    group by students.student_id
    union all
    select
        2 as place,
        'contacts of a student' as link,
        students.student_id as record_id,
        count(student_contacts.contact_id) as number
    from students
    left join student_contacts on students.student_id = student_contacts.student_id
    group by students.student_id
    union all
    select
        3 as place,
        'students of a guardian' as link,
        contacts.contact_id as record_id,
        count(student_contacts.student_id) filter (where student_contacts.is_guardian) as number
    from contacts
    left join student_contacts on contacts.contact_id = student_contacts.contact_id
    where contacts.is_guardian
    group by contacts.contact_id
    union all
    select
        4 as place,
        'students of a contact' as link,
        contacts.contact_id as record_id,
        count(student_contacts.student_id) as number
    from contacts
    left join student_contacts on contacts.contact_id = student_contacts.contact_id
    group by contacts.contact_id
    union all
    select
        5 as place,
        'phones of a guardian' as link,
        contacts.contact_id as record_id,
        count(contact_phones.contact_id) as number
    from contacts
    left join contact_phones on contacts.contact_id = contact_phones.contact_id
    where contacts.is_guardian
    group by contacts.contact_id
    union all
    select
        6 as place,
        'addresses of a guardian' as link,
        contacts.contact_id as record_id,
        count(contact_addresses.contact_id) as number
    from contacts
    left join contact_addresses on contacts.contact_id = contact_addresses.contact_id
    where contacts.is_guardian
    group by contacts.contact_id
),

final as (
    select
        link,
        number,
        count(*) as records,
        round(count(*) / sum(count(*)) over (partition by link), 4) as share
    from counted
    group by place, link, number
    order by place, number
)

select * from final
