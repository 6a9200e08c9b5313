-- One row per record that is not the same in both runs, without its values.
select
    record,
    change,
    record_key,
    name,
    school_before,
    school_after,
    position_before,
    position_after
from record_changes
order by record
