"""The scoring service on the bus: each method translates and calls one operation."""

from schemas.events import Envelope
from schemas.rpc import scoring as contract
from schemas.rpc.base import ById, ByIds, PageRequest
from services.chassis.entrypoint import events
from services.chassis.rpc import rpc
from services.chassis.service import Service
from services.scoring import operations


class ScoringService(Service):
    """Frameworks, scores and figures."""

    name = "scoring"

    @events("scoring.responses")
    def responses(self, events: list[Envelope]) -> None:
        """What surveys tells."""
        operations.take_responses(self.database, events)

    @events("scoring.releases")
    def releases(self, events: list[Envelope]) -> None:
        """Our own notes that figures are due."""
        operations.release(self.database, events)

    @events("scoring.runs")
    def steps(self, events: list[Envelope]) -> None:
        """Our own notes that a run's next chunk is due."""
        operations.take_steps(self.database, events)

    @rpc(contract.create_framework)
    def create_framework(self, request: contract.CreateFramework) -> contract.Framework:
        """See the contract."""
        return operations.create_framework(self.database, request)

    @rpc(contract.revise_framework)
    def revise_framework(self, request: contract.ReviseFramework) -> contract.Framework:
        """See the contract."""
        return operations.revise_framework(self.database, request)

    @rpc(contract.activate_framework)
    def activate_framework(self, request: ById) -> contract.Framework:
        """See the contract."""
        return operations.activate_framework(self.database, request)

    @rpc(contract.derive_framework)
    def derive_framework(self, request: contract.DeriveFramework) -> contract.Framework:
        """See the contract."""
        return operations.derive_framework(self.database, request)

    @rpc(contract.follow_base)
    def follow_base(self, request: contract.FollowBase) -> contract.Framework:
        """See the contract."""
        return operations.follow_base(self.database, request)

    @rpc(contract.diff_frameworks)
    def diff_frameworks(self, request: contract.DiffFrameworks) -> contract.FrameworkDiff:
        """See the contract."""
        return operations.diff_frameworks(self.database, request)

    @rpc(contract.framework_version)
    def framework_version(self, request: contract.VersionRef) -> contract.Framework:
        """See the contract."""
        return operations.framework_version(self.database, request)

    @rpc(contract.frameworks)
    def frameworks(self, request: ByIds) -> contract.FrameworkList:
        """See the contract."""
        return operations.frameworks(self.database, request)

    @rpc(contract.list_frameworks)
    def list_frameworks(self, request: PageRequest) -> contract.FrameworkList:
        """See the contract."""
        return operations.list_frameworks(self.database, request)

    @rpc(contract.my_scores)
    def my_scores(self, request: contract.MyScores) -> contract.PersonScoresList:
        """See the contract."""
        return operations.my_scores(self.database, request)

    @rpc(contract.trend)
    def trend(self, request: contract.TrendRequest) -> contract.FigureList:
        """See the contract."""
        return operations.trend(self.database, request)

    @rpc(contract.needs)
    def needs(self, request: contract.NeedsRequest) -> contract.NeedList:
        """See the contract."""
        return operations.needs(self.database, request)

    @rpc(contract.weightings)
    def weightings(self, request: contract.ListWeightings) -> contract.WeightingList:
        """See the contract."""
        return operations.weightings(self.database, request)

    @rpc(contract.reliability)
    def reliability(self, request: contract.ReliabilityRequest) -> contract.ReliabilityList:
        """See the contract."""
        return operations.reliability(self.database, request)

    @rpc(contract.figures)
    def figures(self, request: contract.FiguresRequest) -> contract.FigureList:
        """See the contract."""
        return operations.figures(self.database, request)

    @rpc(contract.set_private_figures)
    def set_private_figures(self, request: contract.SetPrivateFigures) -> contract.PrivacyBudget:
        """See the contract."""
        return operations.set_private_figures(self.database, request)

    @rpc(contract.set_privacy_budget)
    def set_privacy_budget(self, request: contract.SetPrivacyBudget) -> contract.PrivacyBudget:
        """See the contract."""
        return operations.set_privacy_budget(self.database, request)

    @rpc(contract.privacy_budget)
    def privacy_budget(self, request: contract.PrivacyBudgetRequest) -> contract.PrivacyBudget:
        """See the contract."""
        return operations.privacy_budget(self.database, request)

    @rpc(contract.release_private_figures)
    def release_private_figures(self, request: contract.ReleasePrivateFigures) -> contract.PrivateRelease:
        """See the contract."""
        return operations.release_private_figures(self.database, request)

    @rpc(contract.private_releases)
    def private_releases(self, request: contract.ListPrivateReleases) -> contract.PrivateReleaseList:
        """See the contract."""
        return operations.private_releases(self.database, request)

    @rpc(contract.import_area_indicator)
    def import_area_indicator(self, request: contract.ImportAreaIndicator) -> contract.AreaIndicatorVersion:
        """See the contract."""
        return operations.import_area_indicator(self.database, request)

    @rpc(contract.list_area_indicators)
    def list_area_indicators(self, request: contract.ListAreaIndicators) -> contract.AreaIndicatorList:
        """See the contract."""
        return operations.list_area_indicators(self.database, request)

    @rpc(contract.area_scores)
    def area_scores(self, request: contract.AreaScoresRequest) -> contract.AreaScoreList:
        """See the contract."""
        return operations.area_scores(self.database, request)

    @rpc(contract.start_run)
    def start_run(self, request: contract.StartRun) -> contract.Run:
        """See the contract."""
        return operations.start_run(self.database, request)

    @rpc(contract.cancel_run)
    def cancel_run(self, request: ById) -> contract.Run:
        """See the contract."""
        return operations.cancel_run(self.database, request)

    @rpc(contract.runs)
    def runs(self, request: ByIds) -> contract.RunList:
        """See the contract."""
        return operations.runs(self.database, request)

    @rpc(contract.list_runs)
    def list_runs(self, request: contract.ListRuns) -> contract.RunList:
        """See the contract."""
        return operations.list_runs(self.database, request)

    @rpc(contract.my_change)
    def my_change(self, request: contract.MyChange) -> contract.PersonChange:
        """See the contract."""
        return operations.my_change(self.database, request)

    @rpc(contract.cell_change)
    def cell_change(self, request: contract.CellChangeRequest) -> contract.CellChangeList:
        """See the contract."""
        return operations.cell_change(self.database, request)
