package search

// What practices write for one another: the only place where the words of the field stand.
// Each is written as people type it, without regard to capitals; the index finds other endings
// of a word by itself.

// same are the ways of writing one and the same thing. Whoever looks for one finds all.
var same = [][]string{
	{"a&g", "advice and guidance", "a and g"},
	{"f2f", "face to face", "in person"},
	{"gpc", "gpce", "gpc england", "gp committee england", "general practitioners committee"},
	{"bma", "british medical association"},
	{"dsa", "data sharing agreement"},
	{"pcn des", "network contract des", "network des", "network scheme"},
	{"des", "directed enhanced service", "enhanced service"},
	{"les", "local enhanced service", "locally commissioned service", "lcs"},
	{"pcn", "primary care network", "network"},
	{"arrs", "additional roles reimbursement scheme", "additional roles"},
	{"icb", "integrated care board"},
	{"ics", "integrated care system"},
	{"ccg", "clinical commissioning group"},
	{"cqc", "care quality commission"},
	{"qof", "quality and outcomes framework"},
	{"gms", "general medical services"},
	{"pms", "personal medical services"},
	{"apms", "alternative provider medical services"},
	{"lmc", "local medical committee"},
	{"nhse", "nhs england", "nhs e"},
	{"dhsc", "department of health", "department of health and social care"},
	{"rcgp", "royal college of general practitioners"},
	{"igpm", "institute of general practice management"},
	{"ehr", "electronic health record", "patient record"},
	{"waf", "winter access fund"},
	{"sub icb", "sub-icb"},
	{"template", "model letter", "standard letter", "template letter", "draft letter"},
	{"reply", "response", "answer"},
	{"lowest fifth", "lowest 20%", "bottom 20%", "bottom fifth", "bottom 20 percent"},
	{"text message", "sms"},
	{"longer appointments", "15 minute", "fifteen minute", "fifteen minutes"},
	{"unlawful", "illegal"},
	{"resign", "resignation"},
	{"ballot", "strike", "industrial action"},
	{"sign up", "take part", "participate", "opt in", "join in"},
	{"opt out", "withdraw", "leave"},
	{"close our list", "close your list", "close the list", "close list", "list closure", "closed list"},
}

// related are things that stand for one another in some letters: those who commission were
// called something else in each of these years. They count for less than what was typed.
var related = [][]string{
	{"icb", "ics", "ccg", "commissioner", "commissioners", "integrated care board", "integrated care system", "clinical commissioning group"},
	{"reply", "template", "letter"},
}

// asked are questions that letters answer in other words than practices ask them in.
var asked = []struct{ asks, answers []string }{
	{
		[]string{
			"do we have to", "do i have to", "do practices have to", "must we", "do we need to", "are we obliged to", "are we obliged", "are we required to",
			"can they make us", "can they force us", "can the icb make us", "can they do this", "is it compulsory", "is it mandatory", "is it contractual",
			"is this contractual", "is it in the contract", "is it part of the contract", "is it voluntary", "have we got a choice", "do we have a choice",
		},
		[]string{"contractual", "part of your contract", "obliged", "obligation", "required", "voluntary", "free to choose", "can ignore"},
	},
	{
		[]string{"can we say no", "can we refuse", "should we refuse", "should we say no", "should we sign", "should we do it", "should we sign up", "should we take part"},
		[]string{"refuse", "not to take part", "advised against", "take part"},
	},
	{
		[]string{"will we be in breach", "would it be a breach", "is it a breach", "are we in breach", "breach of contract"},
		[]string{"breach"},
	},
	{
		[]string{"what do we get paid", "how much", "what does it pay", "is there any money", "will we lose money", "what about the money"},
		[]string{"money", "funds", "fund", "paid", "payment"},
	},
	{
		[]string{"by when", "what is the deadline", "when is the deadline", "when do we have to"},
		[]string{"deadline", "due", "by the end of"},
	},
	{
		[]string{"who do we ring", "who can we ring", "who do we call", "whom to ring", "what if they ring", "what if somebody rings", "what if the ccg rings", "what if the icb rings", "we have been approached", "they rang us"},
		[]string{"call the office", "approached", "ring"},
	},
	{
		[]string{"we are on the list", "we have been targeted", "are we on the list"},
		[]string{"targeted", "verified"},
	},
}

// asking are words of a question that say nothing of what it is about; the words English
// has too many of are left out by the index itself.
var asking = []string{
	"can", "could", "should", "would", "will", "shall", "may", "might", "must", "need", "get", "got", "us", "let",
	"say", "says", "said", "saying", "tell", "tells", "told", "think", "thinks", "want", "wants", "please", "anybody", "anyone", "about",
	"does", "done", "going", "there", "any", "now",
}
