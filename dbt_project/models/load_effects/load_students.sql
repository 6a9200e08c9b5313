with
final as (
    select
        cast(null as varchar) as student_id,
        cast(null as varchar) as effect,
        cast(null as varchar) as cause,
        cast(null as varchar[]) as changed_fields,
        cast(null as varchar) as replaced_by_student_id,
        cast(null as varchar) as carried_since,
        cast(null as varchar) as school_id_before,
        cast(null as varchar) as school_id,
        cast(null as varchar) as refused_by,
        cast(null as boolean) as is_new,
        cast(null as boolean) as is_expected,
        cast(null as boolean) as is_identity_overwritten,
        cast(null as varchar) as enrollment_status_before,
        cast(null as varchar) as enrollment_status,
        cast(null as bigint) as guardians_before,
        cast(null as bigint) as guardians
    where false
)

select * from final
