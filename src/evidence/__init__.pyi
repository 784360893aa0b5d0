from . import plots as plots
from .errors import (
    EvidenceError as EvidenceError,
)
from .errors import (
    InvalidData as InvalidData,
)
from .errors import (
    InvalidInput as InvalidInput,
)
from .errors import (
    NotConverged as NotConverged,
)
from .errors import (
    NotEstimable as NotEstimable,
)
from .errors import (
    Problem as Problem,
)
from .errors import (
    SmallSample as SmallSample,
)
from .plots.theme import theme as theme
