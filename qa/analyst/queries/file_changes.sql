-- One row per file with its records (column is null), then one per column of it that differs in some record of both.
with
only_before as (
    select * from import_before
    except all
    select * from import_after
),

only_after as (
    select * from import_after
    except all
    select * from import_before
),

cells_before as (
    select
        file_key,
        column_name,
        cell
    from only_before
    unpivot include nulls (cell for column_name in (columns(* exclude (file_key))))
),

cells_after as (
    select
        file_key,
        column_name,
        cell
    from only_after
    unpivot include nulls (cell for column_name in (columns(* exclude (file_key))))
),

different as (
    select
        cells_after.column_name,
        cells_before.cell as cell_before,
        cells_after.cell as cell_after
    from cells_after
    inner join cells_before
        on cells_after.file_key = cells_before.file_key and cells_after.column_name = cells_before.column_name
    where cells_after.cell is distinct from cells_before.cell
),

by_column as (
    select
        column_name,
        count(*) as changed,
        count(*) filter (where cell_after is null) as emptied,
        count(*) filter (where cell_before is null) as newly_filled
    from different
    group by column_name
),

records as (
    select
        (select count(*) from import_before) as "before",
        (select count(*) from only_after where file_key not in (select file_key from import_before)) as added,
        (select count(*) from only_before where file_key not in (select file_key from import_after)) as removed,
        (select count(*) from only_after where file_key in (select file_key from import_before)) as changed,
        (select count(*) from import_after) as "after"
),

final as (
    select
        cast(null as varchar) as "column",
        "before",
        added,
        removed,
        changed,
        cast(null as bigint) as emptied,
        cast(null as bigint) as newly_filled,
        "after"
    from records
    union all
    select
        column_name as "column",
        null as "before",
        null as added,
        null as removed,
        changed,
        emptied,
        newly_filled,
        null as "after"
    from by_column
)

select * from final
order by "column" is not null, list_position($columns, "column")
