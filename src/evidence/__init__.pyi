from .base.tables import validate as validate
from .effects.arms import combine_arms as combine_arms
from .effects.arms import pooled_sd as pooled_sd
from .effects.change import change_sd as change_sd
from .effects.change import correlation_from_change as correlation_from_change
from .effects.effect_size import effect_size as effect_size
from .effects.scales import nnt as nnt
from .effects.scales import or_to_smd as or_to_smd
from .effects.scales import smd_to_or as smd_to_or
from .effects.scales import smd_to_points as smd_to_points
from .effects.sd import sd_from_ci as sd_from_ci
from .effects.sd import sd_from_se as sd_from_se
from .effects.se import se_from_ci as se_from_ci
from .effects.se import se_from_p as se_from_p
from .effects.smd_from_tests import smd_from_p as smd_from_p
from .effects.smd_from_tests import smd_from_t as smd_from_t
from .effects.table import EvidenceBase as EvidenceBase
from .effects.table import load as load
from .errors import (
    EvidenceError as EvidenceError,
    InvalidData as InvalidData,
    InvalidInput as InvalidInput,
    NotConverged as NotConverged,
    NotEstimable as NotEstimable,
    Problem as Problem,
    SmallSample as SmallSample,
)
from .models.bayes import Posterior as Posterior
from .models.bayes import bayes as bayes
from .models.many import pool_many as pool_many
from .models.pool import Pooled as Pooled
from .models.pool import pool as pool
from .models.priors import DuMouchel as DuMouchel
from .models.priors import Exponential as Exponential
from .models.priors import HalfCauchy as HalfCauchy
from .models.priors import HalfNormal as HalfNormal
from .models.priors import HalfT as HalfT
from .models.priors import InverseGamma as InverseGamma
from .models.priors import Jeffreys as Jeffreys
from .models.priors import LogNormal as LogNormal
from .models.priors import Uniform as Uniform
