"""Weights by which those who answered look like those who live there, and the figures that they give."""

from alembic import op

from services.chassis.migrate import protect

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """A weighting is one run's, for each round of asking; its figures stand beside the unweighted ones."""
    op.execute(
        """
        CREATE TABLE weightings (
            tenant_id uuid NOT NULL,
            framework_id uuid NOT NULL,
            version integer NOT NULL,
            wave text NOT NULL,
            weighting integer NOT NULL,
            margins_version integer NOT NULL,
            attributes text[] NOT NULL,
            fit jsonb NOT NULL,
            computed_at timestamptz NOT NULL,
            PRIMARY KEY (tenant_id, framework_id, version, wave, weighting),
            FOREIGN KEY (tenant_id, framework_id, version)
                REFERENCES framework_versions (tenant_id, framework_id, version)
        )
        """
    )
    op.execute(
        """
        CREATE TABLE weighted_figures (
            tenant_id uuid NOT NULL,
            framework_id uuid NOT NULL,
            version integer NOT NULL,
            wave text NOT NULL,
            weighting integer NOT NULL,
            attribute text NOT NULL,
            area text NOT NULL,
            category text NOT NULL,
            measure text NOT NULL,
            n bigint NOT NULL,
            total numeric NOT NULL,
            squares numeric NOT NULL,
            weights numeric NOT NULL,
            weights_squared numeric NOT NULL,
            weighted_total numeric NOT NULL,
            weighted_twice numeric NOT NULL,
            weighted_squares numeric NOT NULL,
            hidden boolean NOT NULL DEFAULT true,
            PRIMARY KEY (tenant_id, framework_id, version, wave, weighting, attribute, area, category, measure)
        )
        """
    )
    protect("weightings", "scoring")
    protect("weighted_figures", "scoring")
