"""What people decide, look at, write down and are routed by: the tables of this room."""

from vigie.cases.models.assessing import CONFIRMING as CONFIRMING
from vigie.cases.models.assessing import OF_CONTENT as OF_CONTENT
from vigie.cases.models.assessing import SENT as SENT
from vigie.cases.models.assessing import Answer as Answer
from vigie.cases.models.assessing import AssessedPicture as AssessedPicture
from vigie.cases.models.assessing import Assessment as Assessment
from vigie.cases.models.assessing import Claim as Claim
from vigie.cases.models.assessing import Classification as Classification
from vigie.cases.models.assessing import Opinion as Opinion
from vigie.cases.models.assessing import OpinionAnswer as OpinionAnswer
from vigie.cases.models.assessing import OpinionPicture as OpinionPicture
from vigie.cases.models.assessing import SavedView as SavedView
from vigie.cases.models.assessing import View as View
from vigie.cases.models.notes import Note as Note
from vigie.cases.models.routing import Lane as Lane
from vigie.cases.models.routing import Route as Route
from vigie.cases.models.routing import Ruleset as Ruleset
from vigie.cases.models.routing import RulesetSwitch as RulesetSwitch
from vigie.cases.models.routing import TrainingAnswer as TrainingAnswer
from vigie.cases.models.routing import TrainingRun as TrainingRun
from vigie.cases.models.welfare import Blur as Blur
from vigie.cases.models.welfare import Limits as Limits
from vigie.cases.models.welfare import NotToday as NotToday
from vigie.cases.models.welfare import Weight as Weight
from vigie.cases.models.welfare import Wish as Wish
from vigie.cases.models.words import WordsOpened as WordsOpened
