{#-
checks.check_results: how every check of this run ended, with what its yml says of it. A check is the rows that its
checks_* model has of it, so a nightly run need not run the dbt test that counts them again. It is not_evaluated
when dbt came to neither its model nor its test, when an endpoint that it reads was not received, or when the fields
that it names in its meta hold nothing in any record. Results of checks
that this command did not touch stay, if they are of the same run: `dbt test -s one` replaces one.
In a fix step, {ui_path} stands for the place in eSchoolPLUS where the check's field is edited (seed ui_paths): the field
in the check's id, or the one that `ui_field` in its meta names; {api_profile} stands for the API Profile. The first of
these in the steps is the check's place, so findings that are fixed on one screen can be listed together.
-#}
{% macro write_check_results(results) %}
    {%- if not execute -%}
        {{ return('') }}
    {%- endif -%}
    {%- set statuses = {} -%}
    {%- for result in results -%}
        {%- do statuses.update({result.node.unique_id: result.status | string}) -%}
    {%- endfor -%}
    {%- set checks = [] -%}
    {%- for node in graph.nodes.values() if node.resource_type == 'test' and node.config.meta.level -%}
        {%- set model = graph.nodes[node.attached_node] -%}
        {%- set its = [statuses[node.unique_id], statuses[model.unique_id]] | select('defined') | list -%}
        {%- set is_built = adapter.get_relation(target.database, model.schema, model.name) if its -%}
        {%- if its -%}
            {%- set meta = node.config.meta -%}
            {%- set ui_field = meta.ui_field or node.name.split('__')[:2] | join('.') -%}
            {%- set if_all = meta.when_all or {} -%}
            {%- do checks.append({
                'meta': meta,
                'check_id': node.name,
                'ui_field': ui_field,
                'place': place_of(meta.remedy, meta.owner, ui_field),
                'place_when_all': place_of(if_all.remedy or [], if_all.owner or meta.owner, ui_field),
                'relation': model.relation_name,
                'fail_calc': node.config.fail_calc,
                'counted_with': model.relation_name ~ ' ' ~ node.config.fail_calc,
                'outcome': 'error' if 'error' in its or 'runtime error' in its
                    else 'skipped' if 'skipped' in its or not is_built
                    else 'counted',
            }) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- if not checks -%}
        {{ return('') }}
    {%- endif -%}
    {%- set labels = adapter.get_relation(target.database, 'staging', 'stg_plus360__labels') -%}
    {%- set ui_paths = adapter.get_relation(target.database, 'seeds', 'ui_paths') -%}
    {%- set populations = adapter.get_relation(target.database, 'checks', 'check_populations') -%}
    create schema if not exists {{ target.database }}.checks;
    create table if not exists {{ target.database }}.checks.check_results (
        check_id varchar,
        level varchar,
        title varchar,
        why varchar,
        remedy varchar[],
        owner varchar,
        population varchar,
        endpoints varchar[],
        state varchar,
        failed bigint,
        total bigint,
        when_all json,
        run_id varchar,
        place varchar
    );
    delete from {{ target.database }}.checks.check_results
    where
        run_id is distinct from {{ this_run() }}
        or list_contains({{ sql_literals(checks | map(attribute='check_id')) }}, check_id);
    insert into {{ target.database }}.checks.check_results
    with
    outcomes as (
        select *
        from (
            values
            {% for check in checks | sort(attribute='check_id') -%}
            (
                {{ sql_literal(check.check_id) }},
                {{ sql_literal(check.meta.level) }},
                {{ sql_literal(check.meta.title) }},
                {{ sql_literal(check.meta.why) }},
                {{ sql_literal(check.ui_field) }},
                {{ sql_literal(check.place) if check.place else 'null' }}::varchar,
                {{ sql_literal(check.place_when_all) if check.place_when_all else 'null' }}::varchar,
                {{ sql_literals(check.meta.remedy) }},
                {{ sql_literal(check.meta.owner) }},
                {{ sql_literal(check.meta.population) }},
                {{ sql_literals(check.meta.endpoints) }},
                {{ sql_literals(check.meta.fields or []) }},
                {{ sql_literal(check.outcome) }},
                {{ sql_literal(check.meta.when_all | tojson) if check.meta.when_all else 'null' }}::json
            ){{ ',' if not loop.last }}
            {% endfor %}
        ) as outcomes (
            check_id, level, title, why, ui_field, place, place_when_all, remedy, owner, population, endpoints, fields,
            outcome, when_all
        )
    ),

    -- The checks of a model that are counted in the same way are counted in one go.
    counted as (
        {% set groups = checks | selectattr('outcome', 'equalto', 'counted') | groupby('counted_with') -%}
        {% for group in groups -%}
        select
            check_id,
            cast({{ group.list[0].fail_calc }} as bigint) as failed
        from {{ group.list[0].relation }}
        where list_contains({{ sql_literals(group.list | map(attribute='check_id')) }}, check_id)
        group by check_id
        {% if not loop.last -%}
        union all
        {% endif -%}
        {% endfor %}
        {%- if not groups %}
        select
            '' as check_id,
            cast(0 as bigint) as failed
        {%- endif %}
    ),

    received as (
        select coalesce(list(endpoint), []) as endpoints
        from {{ source('plus360', 'pulls') }}
        where run_id = {{ this_run() }} and state in ('complete', 'unreconciled')
    ),

    places as (
        {% if ui_paths -%}
        select map(list(entity || '.' || field), list(path)) as paths
        from {{ ui_paths }}
        {%- else -%}
        select cast(map([], []) as map(varchar, varchar)) as paths
        {%- endif %}
    ),

    filled as (
        {% if labels -%}
        select coalesce(list(distinct endpoint || '.' || field), []) as fields
        from {{ labels }}
        where filled > 0 and field is not null
        {%- else -%}
        select cast([] as varchar[]) as fields
        {%- endif %}
    )

    select
        outcomes.check_id,
        outcomes.level,
        outcomes.title,
        outcomes.why,
        [
            replace(
                replace(step, '{ui_path}', coalesce(places.paths[outcomes.ui_field], 'eSchoolPLUS')),
                '{api_profile}',
                coalesce(places.paths['settings.api_profile'], 'the API Profile')
            )
            for step in outcomes.remedy
        ] as remedy,
        outcomes.owner,
        outcomes.population,
        outcomes.endpoints,
        case
            when outcomes.outcome = 'error' then 'crashed'
            when outcomes.outcome = 'skipped' then 'not_evaluated'
            when not list_has_all(received.endpoints, outcomes.endpoints) then 'not_evaluated'
            when len(outcomes.fields) > 0 and not list_has_any(filled.fields, outcomes.fields) then 'not_evaluated'
            when coalesce(counted.failed, 0) = 0 then 'passed'
            else 'failed'
        end as state,
        coalesce(counted.failed, 0) as failed,
        {{ 'coalesce(populations.records, 0)' if populations else 'cast(0 as bigint)' }} as total,
        if(outcomes.when_all is null, null, json_merge_patch(
            replace(
                replace(
                    outcomes.when_all::varchar, '{ui_path}', coalesce(places.paths[outcomes.ui_field], 'eSchoolPLUS')
                ),
                '{api_profile}',
                coalesce(places.paths['settings.api_profile'], 'the API Profile')
            )::json,
            json_object('place', places.paths[outcomes.place_when_all])
        )) as when_all,
        {{ this_run() }} as run_id,
        places.paths[outcomes.place] as place
    from outcomes
    left join counted on outcomes.check_id = counted.check_id
    cross join received
    cross join filled
    cross join places
    {% if populations -%}
    left join {{ populations }} as populations on outcomes.population = populations.population
    {%- endif %};
    {{- comments_on_hook_table('check_results') }}
{% endmacro %}
