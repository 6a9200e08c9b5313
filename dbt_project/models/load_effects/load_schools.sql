with
final as (
    select
        cast(null as varchar) as school_id,
        cast(null as varchar) as file,
        cast(null as bigint) as before,
        cast(null as bigint) as added,
        cast(null as bigint) as updated,
        cast(null as bigint) as same,
        cast(null as bigint) as deleted,
        cast(null as bigint) as departed,
        cast(null as bigint) as carried,
        cast(null as bigint) as moved_in,
        cast(null as bigint) as moved_out,
        cast(null as bigint) as now,
        cast(null as bigint) as without_guardian_before,
        cast(null as bigint) as without_guardian_now
    where false
)

select * from final
