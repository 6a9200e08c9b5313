{#- The rules of the load as checks: what the report lists beside the checks of the data. -#}
with
holds as (
    select * from {{ ref('load_holds') }}
),

final as (
    select
        rule as check_id,
        cast(null as varchar) as record_key,
        cast(null as varchar) as school_id,
        scope as field,
        coalesce(cause, if(rule = 'load__files__not_empty', 'no_records', 'over_limit')) as reason,
        cast(null as bigint) as position,
        n,
        of
    from holds
)

select * from final
