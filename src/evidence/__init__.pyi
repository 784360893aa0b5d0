from .errors import (
    EvidenceError as EvidenceError,
    InvalidData as InvalidData,
    InvalidInput as InvalidInput,
    NotConverged as NotConverged,
    NotEstimable as NotEstimable,
    Problem as Problem,
    SmallSample as SmallSample,
)
