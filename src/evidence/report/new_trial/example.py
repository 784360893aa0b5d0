"""One worked example: needling against sham, with means and SDs of pain at the end of treatment.

Its columns are those that matter: a form has them first, in this order.
"""

from __future__ import annotations

import csv
import io

_TABLES = {
    "studies": """
study_id,citation,first_author,year,condition,population,directness,design,randomised,n_randomised,has_results,source_url,source_kind
example-2025,Example 2025,Example,2025,spinal_stenosis,degenerative lumbar stenosis,direct,parallel,yes,80,yes,https://example.org/trial,abstract
""",
    "arms": """
study_id,arm,role,style,sham_kind,label,n_randomised,sessions,weeks
example-2025,acu,acupuncture,manual,,acupuncture,40,16,8
example-2025,sham,sham,,non_penetrating,sham needles,40,16,8
""",
    "comparisons": """
study_id,arm,versus,comparator,isolates,needle
example-2025,acu,sham,sham,yes,yes
""",
    "results": """
result_id,study_id,kind,arm,outcome,instrument,instrument_id,unit,higher_is_better,week,when,statistic,sign,n,mean,sd,confidence,source_url,source_kind
example-2025-01,example-2025,arm,acu,pain,VAS,vas_pain,mm,no,8,end of treatment,final,as_is,40,32,20,high,https://example.org/trial,abstract
example-2025-02,example-2025,arm,sham,pain,VAS,vas_pain,mm,no,8,end of treatment,final,as_is,39,44,22,high,https://example.org/trial,abstract
""",
}
#: Table to its rows; the walk of CONTRIBUTING.md fills in the same.
EXAMPLE: dict[str, list[dict[str, str]]] = {
    table: list(csv.DictReader(io.StringIO(text.lstrip()))) for table, text in _TABLES.items()
}
