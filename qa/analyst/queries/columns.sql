-- One row per column of the tables that an analyst can name without their schema.
with
columns as (
    select * from duckdb_columns()
),

final as (
    select
        table_name,
        column_name,
        database_name = 'warehouse' as is_built
    from columns
    where database_name = 'warehouse' or (database_name = 'raw_store' and schema_name = 'history')
    order by
        list_position(['marts', 'load_effects', 'profiles', 'checks'], schema_name) nulls last,
        table_name,
        column_index
)

select * from final
