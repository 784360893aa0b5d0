from .claims import claims as claims
from .evidence_map import evidence_map as evidence_map
from .forest import forest as forest
from .page import bundle as bundle
from .page import fragment as fragment
from .page import save as save
from .sources import linked as linked
from .timecourse import timecourse as timecourse
