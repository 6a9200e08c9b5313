-- One row per field of the district's own that is filled for the student.
with
field_values as (
    select * from warehouse.marts.ud_field_values where student_id = $student_id
),

final as (
    select
        label,
        value,
        entry_number as entry
    from field_values
    where value is not null
    order by
        entry_number asc,
        label asc
)

select * from final
