from .errors import (
    EvidenceError as EvidenceError,
    InvalidData as InvalidData,
    InvalidInput as InvalidInput,
    NotConverged as NotConverged,
    NotEstimable as NotEstimable,
    Problem as Problem,
    SmallSample as SmallSample,
)
from .models.many import pool_many as pool_many
from .models.pool import Pooled as Pooled
from .models.pool import pool as pool
