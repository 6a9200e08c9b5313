-- One row per field of students or guardians, the least filled first: how many records have a value.
-- Where an endpoint that the field comes from was not received, nobody knows: no numbers, and a note that says so.
with
completeness as (
    select * from warehouse.profiles.completeness
),

sources as (
    select
        listed.people,
        listed.field,
        listed.endpoints
    from (
        values
        ('students', 'address', ['StudentContact', 'Contact', 'ContactAddress']),
        ('students', 'guardian', ['StudentContact']),
        ('students', 'guardian_phone', ['StudentContact', 'Contact', 'ContactPhone']),
        ('guardians', 'phone', ['ContactPhone']),
        ('guardians', 'cell_phone', ['ContactPhone']),
        ('guardians', 'email', ['Contact']),
        ('guardians', 'address', ['ContactAddress'])
    ) as listed (people, field, endpoints)
),

missing as (
    select
        people,
        field,
        list_filter(endpoints, lambda endpoint: list_contains(cast($missing as varchar[]), endpoint)) as endpoints
    from sources
),

of_all_schools as (
    select
        people,
        field,
        cast(sum(records) as bigint) as records,
        cast(sum(filled) as bigint) as filled
    from completeness
    group by people, field
),

known as (
    select
        of_all_schools.people,
        of_all_schools.field,
        of_all_schools.records,
        case when len(coalesce(missing.endpoints, [])) = 0 then of_all_schools.filled end as filled,
        array_to_string(missing.endpoints, ', ') || ' was not received' as note
    from of_all_schools
    left join missing on of_all_schools.people = missing.people and of_all_schools.field = missing.field
    where of_all_schools.records > 0
),

final as (
    select
        case people when 'students' then 'enrolled students' else 'guardians, once per student' end as people,
        field,
        records - filled as missing,
        filled,
        records,
        round(filled / records, 4) as share,
        case when filled is null then note end as note
    from known
    order by people asc, share asc nulls first, field asc
)

select * from final
