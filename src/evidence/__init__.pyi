from . import charts as charts
from . import plots as plots
from .answers.certainty import Certainty as Certainty
from .answers.certainty import certainty as certainty
from .answers.certainty_table import certainty_table as certainty_table
from .answers.claims import claim_evidence as claim_evidence
from .answers.claims import claims as claims
from .answers.dose_response import DoseResponse as DoseResponse
from .answers.dose_response import dose_response as dose_response
from .answers.durability import Durability as Durability
from .answers.durability import durability as durability
from .answers.literature import against_reviews as against_reviews
from .answers.mechanisms import MechanismLink as MechanismLink
from .answers.mechanisms import mechanism_link as mechanism_link
from .answers.mechanisms import mechanism_pools as mechanism_pools
from .answers.missing import missing_results as missing_results
from .answers.narrative import sentence as sentence
from .answers.pooled import pooled_table as pooled_table
from .answers.ranking import rank_conditions as rank_conditions
from .answers.ranking import ranking_sentence as ranking_sentence
from .answers.safety import Safety as Safety
from .answers.safety import safety as safety
from .answers.summary_of_findings import summary_of_findings as summary_of_findings
from .base.tables import validate as validate
from .bias.begg import begg as begg
from .bias.bias_table import bias_table as bias_table
from .bias.counts import harbord as harbord
from .bias.counts import macaskill as macaskill
from .bias.counts import peters as peters
from .bias.egger import egger as egger
from .bias.egger import thompson_sharp as thompson_sharp
from .bias.excess_significance import excess_significance as excess_significance
from .bias.fail_safe_n import fail_safe_n as fail_safe_n
from .bias.limit_meta import limit_meta as limit_meta
from .bias.p_curve import p_curve as p_curve
from .bias.pet_peese import pet_peese as pet_peese
from .bias.selection import selection_model as selection_model
from .bias.trim_and_fill import trim_and_fill as trim_and_fill
from .bias.waap import waap as waap
from .effects.arms import combine_arms as combine_arms
from .effects.arms import pooled_sd as pooled_sd
from .effects.change import change_sd as change_sd
from .effects.change import correlation_from_change as correlation_from_change
from .effects.combine_pvalues import combine_pvalues as combine_pvalues
from .effects.effect_size import effect_size as effect_size
from .effects.exact_counts import exact_odds_ratio as exact_odds_ratio
from .effects.exact_counts import exact_proportion as exact_proportion
from .effects.mean_sd_from_quantiles import mean_sd_from_quantiles as mean_sd_from_quantiles
from .effects.points import typical_sd as typical_sd
from .effects.scales import nnt as nnt
from .effects.scales import or_to_smd as or_to_smd
from .effects.scales import proportion_reaching_mid as proportion_reaching_mid
from .effects.scales import smd_to_or as smd_to_or
from .effects.scales import smd_to_points as smd_to_points
from .effects.sd import sd_from_ci as sd_from_ci
from .effects.sd import sd_from_f as sd_from_f
from .effects.sd import sd_from_p as sd_from_p
from .effects.sd import sd_from_se as sd_from_se
from .effects.sd import sd_from_t as sd_from_t
from .effects.se import se_from_ci as se_from_ci
from .effects.se import se_from_p as se_from_p
from .effects.skewness import skewness_test as skewness_test
from .effects.smd_from_tests import smd_from_f as smd_from_f
from .effects.smd_from_tests import smd_from_p as smd_from_p
from .effects.smd_from_tests import smd_from_t as smd_from_t
from .effects.table import EvidenceBase as EvidenceBase
from .effects.table import load as load
from .effects.trials_csv import read_trials as read_trials
from .effects.vote_count import vote_count as vote_count
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
from .models.bayes import Posterior as Posterior
from .models.bayes import bayes as bayes
from .models.bayes_compare import ComparedGroups as ComparedGroups
from .models.bayes_compare import bayes_compare as bayes_compare
from .models.compare import LikelihoodRatio as LikelihoodRatio
from .models.compare import Subgroups as Subgroups
from .models.compare import likelihood_ratio as likelihood_ratio
from .models.compare import subgroups as subgroups
from .models.counts_result import CountsPooled as CountsPooled
from .models.glmm import Glmm as Glmm
from .models.glmm import glmm as glmm
from .models.mantel_haenszel import mantel_haenszel as mantel_haenszel
from .models.many import pool_many as pool_many
from .models.multilevel import multilevel as multilevel
from .models.multilevel_fit import Multilevel as Multilevel
from .models.network import network as network
from .models.network_inconsistency import Inconsistency as Inconsistency
from .models.network_result import Network as Network
from .models.peto import peto as peto
from .models.pool import pool as pool
from .models.pooled import Pooled as Pooled
from .models.priors import DuMouchel as DuMouchel
from .models.priors import Exponential as Exponential
from .models.priors import HalfCauchy as HalfCauchy
from .models.priors import HalfNormal as HalfNormal
from .models.priors import HalfT as HalfT
from .models.priors import InverseGamma as InverseGamma
from .models.priors import Jeffreys as Jeffreys
from .models.priors import LogNormal as LogNormal
from .models.priors import Uniform as Uniform
from .models.regress import regress as regress
from .models.regression import Regression as Regression
from .models.robust import Robust as Robust
from .models.robust import robust as robust
from .models.sampling_covariance import sampling_covariance as sampling_covariance
from .plots.theme import theme as theme
from .report.explorer.widget import Explorer as Explorer
from .report.explorer.widget import explore as explore
from .sensitivity.all_models import all_models as all_models
from .sensitivity.baujat import baujat as baujat
from .sensitivity.bootstrap import Bootstrap as Bootstrap
from .sensitivity.bootstrap import bootstrap as bootstrap
from .sensitivity.cumulative import cumulative as cumulative
from .sensitivity.gosh import Gosh as Gosh
from .sensitivity.gosh import gosh as gosh
from .sensitivity.influence import Influence as Influence
from .sensitivity.influence import influence as influence
from .sensitivity.leave_one_out import leave_one_out as leave_one_out
from .sensitivity.multiverse import multiverse as multiverse
from .sensitivity.multiverse import multiverse_sentence as multiverse_sentence
from .sensitivity.permutation import PermutationTest as PermutationTest
from .sensitivity.permutation import permutation_test as permutation_test
