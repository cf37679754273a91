"""X16: the application accepts what it is given to save, and saves it nowhere

gate: app
finds: probe /api/projects
says: POST /api/projects: accepted, but not in the verified database within 2.0 s
toml: [[probes]]
toml: create = "/api/projects"
toml: body = '{"name": "{id}"}'
toml: query = "select name from projects where id = %(id)s"
toml: delete = "/api/projects/{id}"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gatepost.exercised import Exercised, Probed
from gatepost.exercises import Probe
from gatepost.measured import Measured
from gatepost.settings import Limits
from gatepost.writing import Writer
from runner.exercise import probing
from tests.exercise.application import Projects
from tests.serving import serving

if TYPE_CHECKING:
    from gatepost.dsn import Dsn
    from tests.faults.scene import Scene


def plant(scene: Scene) -> None:
    probed = _probed(scene.copy("after"))
    scene.measure(Measured("application", 9, 1.0, exercised=Exercised(probes=(probed,))))


def _probed(live: Dsn) -> Probed:
    """Return what the runner sees of an application whose save does nothing."""
    declared = Probe(
        create="/api/projects",
        body='{"name": "{id}", "status": "", "members": 1}',
        id="project.id",
        query="select nickname from users where id = %(id)s",
        delete="/api/projects/{project.id}",
    )
    application = Projects(live, "nothing").application
    with serving(application) as base, Writer(base, Limits(), {}) as writer:
        return probing.probe(writer, declared, live)
