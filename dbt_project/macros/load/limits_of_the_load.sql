{#-
The limits of the load: the seed's, and what the district sets instead. A district names a rule, or rule/variant; of a
rule that only has variants, the name means all of them. No model of its own: dbt takes longer to put an ephemeral
model into a query of this size than to run the query.
-#}
{% macro limits_of_the_load() %}
    select
        limits.rule,
        limits.variant,
        coalesce(one.share, several.share, limits.share) as share,
        coalesce(one.floor, several.floor, limits.floor) as floor,
        coalesce(one.cap, several.cap, limits.cap) as cap,
        limits.level
    from (
        select
            *,
            rule || coalesce('/' || variant, '') as name,
            count(*) filter (where variant is null) over (partition by rule) = 0 as has_only_variants
        from {{ ref('load_limits') }}
    ) as limits
    left join ({{ limits_of_the_district() }}) as one on limits.name = one.name
    left join ({{ limits_of_the_district() }}) as several on limits.has_only_variants and limits.rule = several.name
{% endmacro %}

{#- What one district sets: a row per rule, or rule/variant; null is what it leaves. -#}
{% macro limits_of_the_district() %}
    {%- for name, limit in var('load_limits').items() -%}
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
{% endmacro %}
