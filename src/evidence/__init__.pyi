from . import charts as charts
from . import plots as plots
from .answers.by_comparator import ByComparator as ByComparator
from .answers.claims.claims import Claims as Claims
from .answers.claims.claims import claim_evidence as claim_evidence
from .answers.claims.claims import claims as claims
from .answers.dose_response import DoseResponse as DoseResponse
from .answers.dose_response import dose_response as dose_response
from .answers.durability import Durability as Durability
from .answers.durability import durability as durability
from .answers.early_start import EarlyStart as EarlyStart
from .answers.early_start import early_start as early_start
from .answers.grade.certainty import Certainty as Certainty
from .answers.grade.certainty import certainty as certainty
from .answers.grade.missing_results import missing_results as missing_results
from .answers.grade.summary_of_findings import summary_of_findings as summary_of_findings
from .answers.grade.table import certainty_table as certainty_table
from .answers.harm.benefit_and_harm import BenefitAndHarm as BenefitAndHarm
from .answers.harm.benefit_and_harm import benefit_and_harm as benefit_and_harm
from .answers.harm.safety import Safety as Safety
from .answers.harm.safety import safety as safety
from .answers.literature.grades import AgainstGrades as AgainstGrades
from .answers.literature.grades import against_grades as against_grades
from .answers.literature.reviews import against_reviews as against_reviews
from .answers.maintenance import Maintenance as Maintenance
from .answers.maintenance import maintenance as maintenance
from .answers.mechanism_link import MechanismLink as MechanismLink
from .answers.mechanism_link import mechanism_link as mechanism_link
from .answers.mechanisms import mechanism_pools as mechanism_pools
from .answers.multiverse.multiverse import multiverse as multiverse
from .answers.multiverse.result import Multiverse as Multiverse
from .answers.pooled_table import pooled_table as pooled_table
from .answers.published_findings import published_findings as published_findings
from .answers.ranked import Ranking as Ranking
from .answers.ranking import rank_conditions as rank_conditions
from .answers.results import Results as Results
from .answers.wording.narrative import sentence as sentence
from .base.folder import validate as validate
from .bias.begg import RankTest as RankTest
from .bias.begg import begg as begg
from .bias.bias_average import BiasAverage as BiasAverage
from .bias.bias_average import bias_average as bias_average
from .bias.bias_table import BiasTable as BiasTable
from .bias.bias_table import bias_table as bias_table
from .bias.counts import harbord as harbord
from .bias.counts import macaskill as macaskill
from .bias.counts import peters as peters
from .bias.egger import egger as egger
from .bias.egger import thompson_sharp as thompson_sharp
from .bias.excess_significance import ExcessSignificance as ExcessSignificance
from .bias.excess_significance import excess_significance as excess_significance
from .bias.fail_safe_n import FailSafeN as FailSafeN
from .bias.fail_safe_n import fail_safe_n as fail_safe_n
from .bias.limit_meta import LimitMeta as LimitMeta
from .bias.limit_meta import limit_meta as limit_meta
from .bias.p_curve import PCurve as PCurve
from .bias.p_curve import p_curve as p_curve
from .bias.pet_peese import PetPeese as PetPeese
from .bias.pet_peese import pet_peese as pet_peese
from .bias.selection.result import SelectionModel as SelectionModel
from .bias.selection.selection import selection_model as selection_model
from .bias.small_study_effects import SmallStudyTest as SmallStudyTest
from .bias.trim_and_fill import TrimAndFill as TrimAndFill
from .bias.trim_and_fill import trim_and_fill as trim_and_fill
from .bias.waap import Waap as Waap
from .bias.waap import waap as waap
from .derive.evidence_base import EvidenceBase as EvidenceBase
from .derive.evidence_base import load as load
from .derive.points import reference_sd as reference_sd
from .derive.screening.screen import Screening as Screening
from .derive.screening.screen import screen as screen
from .derive.symptoms import symptom_durations as symptom_durations
from .derive.trials_csv import read_trials as read_trials
from .effects.measures.back_transform import back_transform as back_transform
from .effects.measures.effect_size import effect_size as effect_size
from .effects.measures.smd_from_tests import smd_from_f as smd_from_f
from .effects.measures.smd_from_tests import smd_from_p as smd_from_p
from .effects.measures.smd_from_tests import smd_from_t as smd_from_t
from .effects.recover.arms import combine_arms as combine_arms
from .effects.recover.arms import pooled_sd as pooled_sd
from .effects.recover.change import change_sd as change_sd
from .effects.recover.change import correlation_from_change as correlation_from_change
from .effects.recover.counts_from_margins import counts_from_margins as counts_from_margins
from .effects.recover.delta_method import delta_method as delta_method
from .effects.recover.exact_counts import exact_odds_ratio as exact_odds_ratio
from .effects.recover.exact_counts import exact_proportion as exact_proportion
from .effects.recover.exact_counts import exact_rate as exact_rate
from .effects.recover.mean_sd_from_quantiles import mean_sd_from_quantiles as mean_sd_from_quantiles
from .effects.recover.scales import nnt as nnt
from .effects.recover.scales import or_to_smd as or_to_smd
from .effects.recover.scales import proportion_reaching_mid as proportion_reaching_mid
from .effects.recover.scales import smd_to_or as smd_to_or
from .effects.recover.scales import smd_to_points as smd_to_points
from .effects.recover.sd import sd_from_ci as sd_from_ci
from .effects.recover.sd import sd_from_f as sd_from_f
from .effects.recover.sd import sd_from_p as sd_from_p
from .effects.recover.sd import sd_from_se as sd_from_se
from .effects.recover.sd import sd_from_t as sd_from_t
from .effects.recover.se import se_from_ci as se_from_ci
from .effects.recover.se import se_from_p as se_from_p
from .effects.recover.skewness import skewness_test as skewness_test
from .effects.reshape.pairwise import pairwise as pairwise
from .effects.reshape.to_long import to_long as to_long
from .errors import (
    EvidenceError as EvidenceError,
)
from .errors import (
    Incomplete as Incomplete,
)
from .errors import (
    InvalidData as InvalidData,
)
from .errors import (
    InvalidInput as InvalidInput,
)
from .errors import (
    MissingExtra as MissingExtra,
)
from .errors import (
    NotConverged as NotConverged,
)
from .errors import (
    NotEstimable as NotEstimable,
)
from .errors import (
    NotWritten as NotWritten,
)
from .errors import (
    Problem as Problem,
)
from .errors import (
    SmallSample as SmallSample,
)
from .exchange.export import export as export
from .integrity.baseline_balance import baseline_balance as baseline_balance
from .integrity.correlation_implied import correlation_implied as correlation_implied
from .integrity.debit import debit as debit
from .integrity.effect_outlier import effect_outlier as effect_outlier
from .integrity.grim import grim as grim
from .integrity.grimmer import grimmer as grimmer
from .integrity.interval_symmetric import interval_symmetric as interval_symmetric
from .integrity.n_flow import n_flow as n_flow
from .integrity.p_recomputed import p_recomputed as p_recomputed
from .integrity.percent_of_n import percent_of_n as percent_of_n
from .integrity.same_numbers import same_numbers as same_numbers
from .integrity.sd_plausible import sd_plausible as sd_plausible
from .integrity.se_as_sd import se_as_sd as se_as_sd
from .languages import language as language
from .models.bayes.bayes import bayes as bayes
from .models.bayes.compare import bayes_compare as bayes_compare
from .models.bayes.compared_groups import ComparedGroups as ComparedGroups
from .models.bayes.conflict import PriorConflict as PriorConflict
from .models.bayes.crossed import bayes_crossed as bayes_crossed
from .models.bayes.crossed_effects import CrossedEffects as CrossedEffects
from .models.bayes.empirical_priors import empirical_priors as empirical_priors
from .models.bayes.empirical_priors import rhodes_prior as rhodes_prior
from .models.bayes.empirical_priors import turner_prior as turner_prior
from .models.bayes.inverse_gamma import InverseGamma as InverseGamma
from .models.bayes.log_t import LogT as LogT
from .models.bayes.posterior import Posterior as Posterior
from .models.bayes.priors import Exponential as Exponential
from .models.bayes.priors import HalfCauchy as HalfCauchy
from .models.bayes.priors import HalfNormal as HalfNormal
from .models.bayes.priors import HalfT as HalfT
from .models.bayes.priors import LogNormal as LogNormal
from .models.bayes.priors import Uniform as Uniform
from .models.bayes.regression_result import BayesRegression as BayesRegression
from .models.bayes.variance_priors import DuMouchel as DuMouchel
from .models.bayes.variance_priors import Jeffreys as Jeffreys
from .models.bivariate.bivariate import bivariate as bivariate
from .models.bivariate.result import Bivariate as Bivariate
from .models.counts.glmm import glmm as glmm
from .models.counts.glmm_regression import GlmmRegression as GlmmRegression
from .models.counts.glmm_result import Glmm as Glmm
from .models.counts.mantel_haenszel import mantel_haenszel as mantel_haenszel
from .models.counts.peto import peto as peto
from .models.counts.result import CountsPooled as CountsPooled
from .models.dependence.aggregate import aggregate as aggregate
from .models.dependence.blocks import BlockDiagonal as BlockDiagonal
from .models.dependence.result import Robust as Robust
from .models.dependence.result import WaldTest as WaldTest
from .models.dependence.robust import robust as robust
from .models.dependence.rve import rve as rve
from .models.dependence.rve_result import Rve as Rve
from .models.dependence.sampling_covariance import sampling_covariance as sampling_covariance
from .models.dependence.wild_bootstrap import WildBootstrap as WildBootstrap
from .models.dependence.wild_bootstrap import wild_bootstrap as wild_bootstrap
from .models.directions.combine_pvalues import CombinedPValue as CombinedPValue
from .models.directions.combine_pvalues import combine_pvalues as combine_pvalues
from .models.directions.vote_count import VoteCount as VoteCount
from .models.directions.vote_count import vote_count as vote_count
from .models.multilevel.level_inference import LevelTest as LevelTest
from .models.multilevel.mixed_model import MixedModel as MixedModel
from .models.multilevel.multilevel import multilevel as multilevel
from .models.multilevel.random_effect import RandomEffect as RandomEffect
from .models.multilevel.result import Multilevel as Multilevel
from .models.network.adjusted_funnel import AdjustedFunnel as AdjustedFunnel
from .models.network.certainty import NetworkCertainty as NetworkCertainty
from .models.network.component_result import ComponentNetwork as ComponentNetwork
from .models.network.components import component_network as component_network
from .models.network.contributions import Contributions as Contributions
from .models.network.event_result import EventNetwork as EventNetwork
from .models.network.events import network_events as network_events
from .models.network.inconsistency import Inconsistency as Inconsistency
from .models.network.net_heat import NetHeat as NetHeat
from .models.network.network import network as network
from .models.network.result import Network as Network
from .models.univariate.heterogeneity import HeterogeneityIntervals as HeterogeneityIntervals
from .models.univariate.location_scale_result import LocationScale as LocationScale
from .models.univariate.many import pool_many as pool_many
from .models.univariate.mean_tests import MeanTest as MeanTest
from .models.univariate.nested import LikelihoodRatio as LikelihoodRatio
from .models.univariate.nested import likelihood_ratio as likelihood_ratio
from .models.univariate.pool import pool as pool
from .models.univariate.pooled import Pooled as Pooled
from .models.univariate.regress import regress as regress
from .models.univariate.regression import Regression as Regression
from .models.univariate.stream import pool_stream as pool_stream
from .models.univariate.subgroups import Subgroups as Subgroups
from .models.univariate.subgroups import subgroups as subgroups
from .models.wald import Contrast as Contrast
from .models.wald import JointTest as JointTest
from .plots.parts.theme import theme as theme
from .report.explorer.widget import Explorer as Explorer
from .report.explorer.widget import explore as explore
from .report.findings_table import findings_table as findings_table
from .report.story.figure import captioned as captioned
from .report.story.figure import figure as figure
from .report.story.prose import Said as Said
from .report.story.prose import say as say
from .report.story.table import Table as Table
from .report.story.table import table as table
from .sensitivity.all_models import AllModels as AllModels
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
from .sensitivity.permutation import PermutationTest as PermutationTest
from .sensitivity.permutation import permutation_test as permutation_test
from .sensitivity.sequential.fragility import Fragility as Fragility
from .sensitivity.sequential.fragility import fragility as fragility
from .sensitivity.sequential.next_trial import next_trial as next_trial
from .sensitivity.sequential.next_trial_result import NextTrial as NextTrial
from .sensitivity.sequential.required import RequiredInformation as RequiredInformation
from .sensitivity.sequential.required import required_information_size as required_information_size
from .sensitivity.sequential.sequential_result import TrialSequential as TrialSequential
from .sensitivity.sequential.spending import spending_boundaries as spending_boundaries
from .sensitivity.sequential.trial_sequential import trial_sequential as trial_sequential

__version__: str
