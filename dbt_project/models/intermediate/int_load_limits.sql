{{ config(materialized='ephemeral') }}

with
limits as (
    select
        *,
        rule || coalesce('/' || variant, '') as name,
        -- Of a rule that only has variants, a district may mean all of them by the rule's name.
        count(*) filter (where variant is null) over (partition by rule) = 0 as has_only_variants
    from {{ ref('load_limits') }}
),

districts_own as (
    {% for name, limit in var('load_limits').items() -%}
    select
        {{ sql_literal(name) }} as name,
        cast({{ limit.get('share', 'null') }} as decimal(6, 4)) as share,
        cast({{ limit.get('floor', 'null') }} as bigint) as floor,
        cast({{ limit.get('cap', 'null') }} as bigint) as cap
    union all
    {% endfor -%}
    select
        cast(null as varchar) as name,
        cast(null as decimal(6, 4)) as share,
        cast(null as bigint) as floor,
        cast(null as bigint) as cap
    where false
),

final as (
    select
        limits.rule,
        limits.variant,
        coalesce(one.share, several.share, limits.share) as share,
        coalesce(one.floor, several.floor, limits.floor) as floor,
        coalesce(one.cap, several.cap, limits.cap) as cap,
        limits.level
    from limits
    left join districts_own as one on limits.name = one.name
    left join districts_own as several on limits.has_only_variants and limits.rule = several.name
)

select * from final
