import{a as d,b as u,c as v,d as ct,e as P,f as pt,g as mt}from"./chunk-SSTONQ5Q.js";var _=class extends Error{constructor(e,r,n="",o=null,i=null){super(e),this.status=r,this.code=n,this.retryAfterS=o,this.field=i}get isAway(){return this.status===0||this.status>=500}};async function de(t){let e=await t.json().catch(()=>({})),r=Number(t.headers.get("retry-after")),n=Number.isFinite(r)&&r>0?r:null,o=pr(e.detail??e.title??`The server answered with status ${t.status}`),i=t.status===429?`Too many tries. ${dr(n)}`:o;return new _(i,t.status,e.code??"",n,e.field??null)}function L(t){return t instanceof _?t.message:"Something unexpected happened. Please try again."}function dr(t){return t===null?"Please wait a moment, then try again.":`Please wait ${cr(t)}, then try again.`}function cr(t){return t<=90?Ye(Math.ceil(t),"second"):t<=5400?Ye(Math.ceil(t/60),"minute"):Ye(Math.ceil(t/3600),"hour")}function Ye(t,e){return`${t} ${e}${t===1?"":"s"}`}function pr(t){let e=t.trim(),r=e.charAt(0).toUpperCase()+e.slice(1);return/[.!?]$/.test(r)?r:`${r}.`}var mr=20,ut=15e3,ur=10*6e4,hr="reauthentication_required",ht="stale_page",A={token:null,who:null,watch:null};function Yr(t){A.watch=t}function Qe(t){A.token=t.csrf_token??null,A.who=vt(t)}function fr(){A.token=A.who=null}async function f(t,e,r){let n=await ft(t,e,r);return n.status===204?void 0:await n.json()}async function Qr(t){let e=[],r=null;for(let n=0;n<mr;n+=1){let o=new URLSearchParams(r===null?{limit:"100"}:{limit:"100",cursor:r}),{data:i,next_cursor:s}=await f("GET",`${t}?${o}`);if(e.push(...i),s===null)break;r=s}return e}async function Xr(t){return(await ft("GET",t,void 0,ur)).blob()}async function ce(t,e){let r=await Ee("POST",t,e);if(r.ok)return r;let n=await de(r);if(n.code!==ht||!await yt())throw n;let o=await Ee("POST",t,e);if(!o.ok)throw await de(o);return o}async function ft(t,e,r,n=ut){let o=new Set;for(;;){let i=await Ee(t,e,r,n);if(i.ok)return i;let s=await de(i);if(!(!o.has(s.code)&&(s.code===hr?await gr():s.code===ht&&await yt())))throw gt(s);o.add(s.code)}}async function Ee(t,e,r,n=ut){let o={};r!==void 0&&(o["content-type"]="application/json"),t!=="GET"&&A.token!==null&&(o["x-csrf-token"]=A.token);let i={method:t,headers:o,signal:AbortSignal.timeout(n),cache:"no-store"};r!==void 0&&(i.body=JSON.stringify(r));try{return await fetch(e,i)}catch{throw new _("The server does not answer. Check your connection, then try again.",0,"unreachable")}}function gt(t){return t.status===401&&A.who!==null&&(fr(),A.watch?.ended()),t}async function gr(){return await A.watch?.prove()??!1}async function yt(){let t=await Ee("GET","/v1/sessions/current");if(!t.ok)throw gt(await de(t));let e=await t.json(),r=A.who===null||A.who===vt(e);return Qe(e),r||A.watch?.changed(),r}function vt(t){return`${t.user?.id??t.guest?.id} in ${t.tenant.id}`}async function rn(){try{return ee(await f("GET","/v1/sessions/current"))}catch(t){if(t instanceof _&&t.status===401)return null;throw t}}async function nn(t,e,r){let o=await(await ce("/v1/sessions",{email:t,password:e,invitation:r})).json();return"second_factor"in o?o.second_factor:ee(o)}function on(t){return"ticket"in t}function sn(t,e){return U("/v1/sessions/second-factor",{ticket:t,proof:e})}function an(t,e,r){return U("/v1/sessions/passkey",{ticket:t,credential:e,invitation:r})}function ln(t,e){return U("/v1/sessions",{invite:t,name:e})}function dn(t){return U("/v1/sessions/current/proof",t)}async function bt(t){return ee(await f("POST","/v1/sessions/current/tenant",{tenant_id:t}))}function wt(){return f("DELETE","/v1/sessions/current")}async function U(t,e){return ee(await(await ce(t,e)).json())}function ee(t){let e=t.user??t.guest;if(e===null)throw new _("The server sent a session without a person.",500,"session");return Qe(t),{identity:e.id,kind:t.user?"member":"guest",name:e.name,email:t.user?.email??null,tenant:t.tenant,role:t.user?t.role??"member":null,roomName:t.guest?.room_name??null}}function xt(t){return t.role==="owner"||t.role==="admin"}var te=(...t)=>"/v1/"+t.map(encodeURIComponent).join("/"),$t=()=>f("GET","/v1/account"),un=t=>f("PATCH","/v1/account",{name:t}),hn=t=>f("POST","/v1/account/email",{email:t}),fn=t=>f("DELETE","/v1/account",{email:t});async function gn(t,e){let r={new_password:t,...e===null?{}:{current_password:e}};return ee(await f("POST","/v1/account/password",r))}var yn=()=>f("GET","/v1/account/factors"),vn=t=>f("POST","/v1/account/factors/totp",{name:t}),bn=(t,e)=>f("POST",te("account","factors","totp",t,"confirm"),{code:e}),wn=()=>f("POST","/v1/account/factors/passkey/options",{}),xn=(t,e,r)=>f("POST","/v1/account/factors/passkey",{ticket:t,name:e,credential:r}),$n=(t,e)=>f("DELETE",te("account","factors",t),e===null?{}:{password:e}),kn=()=>f("POST","/v1/account/recovery-codes",{}),En=async()=>(await f("GET","/v1/sessions")).data,_n=t=>f("DELETE",te("sessions",t)),An=()=>f("DELETE","/v1/sessions"),Sn=async()=>(await f("GET","/v1/account/identities")).data,Mn=t=>f("POST",te("account","identities",t),{}),Tn=t=>f("DELETE",te("account","identities",t)),kt=t=>U("/v1/tenants",{name:t}),Pn=t=>f("DELETE",te("members",t));var _e=globalThis,Ae=_e.ShadowRoot&&(_e.ShadyCSS===void 0||_e.ShadyCSS.nativeShadow)&&"adoptedStyleSheets"in Document.prototype&&"replace"in CSSStyleSheet.prototype,Xe=Symbol(),Et=new WeakMap,pe=class{constructor(e,r,n){if(this._$cssResult$=!0,n!==Xe)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=r}get styleSheet(){let e=this.o,r=this.t;if(Ae&&e===void 0){let n=r!==void 0&&r.length===1;n&&(e=Et.get(r)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),n&&Et.set(r,e))}return e}toString(){return this.cssText}},_t=t=>new pe(typeof t=="string"?t:t+"",void 0,Xe),h=(t,...e)=>{let r=t.length===1?t[0]:e.reduce((n,o,i)=>n+(s=>{if(s._$cssResult$===!0)return s.cssText;if(typeof s=="number")return s;throw Error("Value passed to 'css' function must be a 'css' function result: "+s+". Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.")})(o)+t[i+1],t[0]);return new pe(r,t,Xe)},At=(t,e)=>{if(Ae)t.adoptedStyleSheets=e.map(r=>r instanceof CSSStyleSheet?r:r.styleSheet);else for(let r of e){let n=document.createElement("style"),o=_e.litNonce;o!==void 0&&n.setAttribute("nonce",o),n.textContent=r.cssText,t.appendChild(n)}},Ze=Ae?t=>t:t=>t instanceof CSSStyleSheet?(e=>{let r="";for(let n of e.cssRules)r+=n.cssText;return _t(r)})(t):t;var{is:yr,defineProperty:vr,getOwnPropertyDescriptor:br,getOwnPropertyNames:wr,getOwnPropertySymbols:xr,getPrototypeOf:$r}=Object,Se=globalThis,St=Se.trustedTypes,kr=St?St.emptyScript:"",Er=Se.reactiveElementPolyfillSupport,me=(t,e)=>t,ue={toAttribute(t,e){switch(e){case Boolean:t=t?kr:null;break;case Object:case Array:t=t==null?t:JSON.stringify(t)}return t},fromAttribute(t,e){let r=t;switch(e){case Boolean:r=t!==null;break;case Number:r=t===null?null:Number(t);break;case Object:case Array:try{r=JSON.parse(t)}catch{r=null}}return r}},Me=(t,e)=>!yr(t,e),Mt={attribute:!0,type:String,converter:ue,reflect:!1,useDefault:!1,hasChanged:Me};Symbol.metadata??=Symbol("metadata"),Se.litPropertyMetadata??=new WeakMap;var H=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,r=Mt){if(r.state&&(r.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((r=Object.create(r)).wrapped=!0),this.elementProperties.set(e,r),!r.noAccessor){let n=Symbol(),o=this.getPropertyDescriptor(e,n,r);o!==void 0&&vr(this.prototype,e,o)}}static getPropertyDescriptor(e,r,n){let{get:o,set:i}=br(this.prototype,e)??{get(){return this[r]},set(s){this[r]=s}};return{get:o,set(s){let m=o?.call(this);i?.call(this,s),this.requestUpdate(e,m,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??Mt}static _$Ei(){if(this.hasOwnProperty(me("elementProperties")))return;let e=$r(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(me("finalized")))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(me("properties"))){let r=this.properties,n=[...wr(r),...xr(r)];for(let o of n)this.createProperty(o,r[o])}let e=this[Symbol.metadata];if(e!==null){let r=litPropertyMetadata.get(e);if(r!==void 0)for(let[n,o]of r)this.elementProperties.set(n,o)}this._$Eh=new Map;for(let[r,n]of this.elementProperties){let o=this._$Eu(r,n);o!==void 0&&this._$Eh.set(o,r)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let r=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let o of n)r.unshift(Ze(o))}else e!==void 0&&r.push(Ze(e));return r}static _$Eu(e,r){let n=r.attribute;return n===!1?void 0:typeof n=="string"?n:typeof e=="string"?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=new Map,r=this.constructor.elementProperties;for(let n of r.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return At(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,r,n){this._$AK(e,n)}_$ET(e,r){let n=this.constructor.elementProperties.get(e),o=this.constructor._$Eu(e,n);if(o!==void 0&&n.reflect===!0){let i=(n.converter?.toAttribute!==void 0?n.converter:ue).toAttribute(r,n.type);this._$Em=e,i==null?this.removeAttribute(o):this.setAttribute(o,i),this._$Em=null}}_$AK(e,r){let n=this.constructor,o=n._$Eh.get(e);if(o!==void 0&&this._$Em!==o){let i=n.getPropertyOptions(o),s=typeof i.converter=="function"?{fromAttribute:i.converter}:i.converter?.fromAttribute!==void 0?i.converter:ue;this._$Em=o;let m=s.fromAttribute(r,i.type);this[o]=m??this._$Ej?.get(o)??m,this._$Em=null}}requestUpdate(e,r,n,o=!1,i){if(e!==void 0){let s=this.constructor;if(o===!1&&(i=this[e]),n??=s.getPropertyOptions(e),!((n.hasChanged??Me)(i,r)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(s._$Eu(e,n))))return;this.C(e,r,n)}this.isUpdatePending===!1&&(this._$ES=this._$EP())}C(e,r,{useDefault:n,reflect:o,wrapped:i},s){n&&!(this._$Ej??=new Map).has(e)&&(this._$Ej.set(e,s??r??this[e]),i!==!0||s!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(r=void 0),this._$AL.set(e,r)),o===!0&&this._$Em!==e&&(this._$Eq??=new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(r){Promise.reject(r)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[o,i]of this._$Ep)this[o]=i;this._$Ep=void 0}let n=this.constructor.elementProperties;if(n.size>0)for(let[o,i]of n){let{wrapped:s}=i,m=this[o];s!==!0||this._$AL.has(o)||m===void 0||this.C(o,void 0,i,m)}}let e=!1,r=this._$AL;try{e=this.shouldUpdate(r),e?(this.willUpdate(r),this._$EO?.forEach(n=>n.hostUpdate?.()),this.update(r)):this._$EM()}catch(n){throw e=!1,this._$EM(),n}e&&this._$AE(r)}willUpdate(e){}_$AE(e){this._$EO?.forEach(r=>r.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(r=>this._$ET(r,this[r])),this._$EM()}updated(e){}firstUpdated(e){}};H.elementStyles=[],H.shadowRootOptions={mode:"open"},H[me("elementProperties")]=new Map,H[me("finalized")]=new Map,Er?.({ReactiveElement:H}),(Se.reactiveElementVersions??=[]).push("2.1.2");var tt=globalThis,Tt=t=>t,Te=tt.trustedTypes,Pt=Te?Te.createPolicy("lit-html",{createHTML:t=>t}):void 0,rt="$lit$",N=`lit$${Math.random().toFixed(9).slice(2)}$`,nt="?"+N,_r=`<${nt}>`,K=document,fe=()=>K.createComment(""),ge=t=>t===null||typeof t!="object"&&typeof t!="function",ot=Array.isArray,Ht=t=>ot(t)||typeof t?.[Symbol.iterator]=="function",et=`[ 	
\f\r]`,he=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,Ct=/-->/g,Rt=/>/g,W=RegExp(`>|${et}(?:([^\\s"'>=/]+)(${et}*=${et}*(?:[^ 	
\f\r"'\`<>=]|("|')|))|$)`,"g"),Ot=/'/g,Lt=/"/g,Nt=/^(?:script|style|textarea|title)$/i,it=t=>(e,...r)=>({_$litType$:t,strings:e,values:r}),a=it(1),p=it(2),Hn=it(3),G=Symbol.for("lit-noChange"),c=Symbol.for("lit-nothing"),Ut=new WeakMap,V=K.createTreeWalker(K,129);function qt(t,e){if(!ot(t)||!t.hasOwnProperty("raw"))throw Error("invalid template strings array");return Pt!==void 0?Pt.createHTML(e):e}var zt=(t,e)=>{let r=t.length-1,n=[],o,i=e===2?"<svg>":e===3?"<math>":"",s=he;for(let m=0;m<r;m++){let l=t[m],$,E,y=-1,O=0;for(;O<l.length&&(s.lastIndex=O,E=s.exec(l),E!==null);)O=s.lastIndex,s===he?E[1]==="!--"?s=Ct:E[1]!==void 0?s=Rt:E[2]!==void 0?(Nt.test(E[2])&&(o=RegExp("</"+E[2],"g")),s=W):E[3]!==void 0&&(s=W):s===W?E[0]===">"?(s=o??he,y=-1):E[1]===void 0?y=-2:(y=s.lastIndex-E[2].length,$=E[1],s=E[3]===void 0?W:E[3]==='"'?Lt:Ot):s===Lt||s===Ot?s=W:s===Ct||s===Rt?s=he:(s=W,o=void 0);let j=s===W&&t[m+1].startsWith("/>")?" ":"";i+=s===he?l+_r:y>=0?(n.push($),l.slice(0,y)+rt+l.slice(y)+N+j):l+N+(y===-2?m:j)}return[qt(t,i+(t[r]||"<?>")+(e===2?"</svg>":e===3?"</math>":"")),n]},ye=class t{constructor({strings:e,_$litType$:r},n){let o;this.parts=[];let i=0,s=0,m=e.length-1,l=this.parts,[$,E]=zt(e,r);if(this.el=t.createElement($,n),V.currentNode=this.el.content,r===2||r===3){let y=this.el.content.firstChild;y.replaceWith(...y.childNodes)}for(;(o=V.nextNode())!==null&&l.length<m;){if(o.nodeType===1){if(o.hasAttributes())for(let y of o.getAttributeNames())if(y.endsWith(rt)){let O=E[s++],j=o.getAttribute(y).split(N),ke=/([.?@])?(.*)/.exec(O);l.push({type:1,index:i,name:ke[2],strings:j,ctor:ke[1]==="."?Ce:ke[1]==="?"?Re:ke[1]==="@"?Oe:B}),o.removeAttribute(y)}else y.startsWith(N)&&(l.push({type:6,index:i}),o.removeAttribute(y));if(Nt.test(o.tagName)){let y=o.textContent.split(N),O=y.length-1;if(O>0){o.textContent=Te?Te.emptyScript:"";for(let j=0;j<O;j++)o.append(y[j],fe()),V.nextNode(),l.push({type:2,index:++i});o.append(y[O],fe())}}}else if(o.nodeType===8)if(o.data===nt)l.push({type:2,index:i});else{let y=-1;for(;(y=o.data.indexOf(N,y+1))!==-1;)l.push({type:7,index:i}),y+=N.length-1}i++}}static createElement(e,r){let n=K.createElement("template");return n.innerHTML=e,n}};function J(t,e,r=t,n){if(e===G)return e;let o=n!==void 0?r._$Co?.[n]:r._$Cl,i=ge(e)?void 0:e._$litDirective$;return o?.constructor!==i&&(o?._$AO?.(!1),i===void 0?o=void 0:(o=new i(t),o._$AT(t,r,n)),n!==void 0?(r._$Co??=[])[n]=o:r._$Cl=o),o!==void 0&&(e=J(t,o._$AS(t,e.values),o,n)),e}var Pe=class{constructor(e,r){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=r}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:r},parts:n}=this._$AD,o=(e?.creationScope??K).importNode(r,!0);V.currentNode=o;let i=V.nextNode(),s=0,m=0,l=n[0];for(;l!==void 0;){if(s===l.index){let $;l.type===2?$=new re(i,i.nextSibling,this,e):l.type===1?$=new l.ctor(i,l.name,l.strings,this,e):l.type===6&&($=new Le(i,this,e)),this._$AV.push($),l=n[++m]}s!==l?.index&&(i=V.nextNode(),s++)}return V.currentNode=K,o}p(e){let r=0;for(let n of this._$AV)n!==void 0&&(n.strings!==void 0?(n._$AI(e,n,r),r+=n.strings.length-2):n._$AI(e[r])),r++}},re=class t{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,r,n,o){this.type=2,this._$AH=c,this._$AN=void 0,this._$AA=e,this._$AB=r,this._$AM=n,this.options=o,this._$Cv=o?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,r=this._$AM;return r!==void 0&&e?.nodeType===11&&(e=r.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,r=this){e=J(this,e,r),ge(e)?e===c||e==null||e===""?(this._$AH!==c&&this._$AR(),this._$AH=c):e!==this._$AH&&e!==G&&this._(e):e._$litType$!==void 0?this.$(e):e.nodeType!==void 0?this.T(e):Ht(e)?this.k(e):this._(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==c&&ge(this._$AH)?this._$AA.nextSibling.data=e:this.T(K.createTextNode(e)),this._$AH=e}$(e){let{values:r,_$litType$:n}=e,o=typeof n=="number"?this._$AC(e):(n.el===void 0&&(n.el=ye.createElement(qt(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===o)this._$AH.p(r);else{let i=new Pe(o,this),s=i.u(this.options);i.p(r),this.T(s),this._$AH=i}}_$AC(e){let r=Ut.get(e.strings);return r===void 0&&Ut.set(e.strings,r=new ye(e)),r}k(e){ot(this._$AH)||(this._$AH=[],this._$AR());let r=this._$AH,n,o=0;for(let i of e)o===r.length?r.push(n=new t(this.O(fe()),this.O(fe()),this,this.options)):n=r[o],n._$AI(i),o++;o<r.length&&(this._$AR(n&&n._$AB.nextSibling,o),r.length=o)}_$AR(e=this._$AA.nextSibling,r){for(this._$AP?.(!1,!0,r);e!==this._$AB;){let n=Tt(e).nextSibling;Tt(e).remove(),e=n}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},B=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,r,n,o,i){this.type=1,this._$AH=c,this._$AN=void 0,this.element=e,this.name=r,this._$AM=o,this.options=i,n.length>2||n[0]!==""||n[1]!==""?(this._$AH=Array(n.length-1).fill(new String),this.strings=n):this._$AH=c}_$AI(e,r=this,n,o){let i=this.strings,s=!1;if(i===void 0)e=J(this,e,r,0),s=!ge(e)||e!==this._$AH&&e!==G,s&&(this._$AH=e);else{let m=e,l,$;for(e=i[0],l=0;l<i.length-1;l++)$=J(this,m[n+l],r,l),$===G&&($=this._$AH[l]),s||=!ge($)||$!==this._$AH[l],$===c?e=c:e!==c&&(e+=($??"")+i[l+1]),this._$AH[l]=$}s&&!o&&this.j(e)}j(e){e===c?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??"")}},Ce=class extends B{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===c?void 0:e}},Re=class extends B{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==c)}},Oe=class extends B{constructor(e,r,n,o,i){super(e,r,n,o,i),this.type=5}_$AI(e,r=this){if((e=J(this,e,r,0)??c)===G)return;let n=this._$AH,o=e===c&&n!==c||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==c&&(n===c||o);o&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH=="function"?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Le=class{constructor(e,r,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=r,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){J(this,e)}},Nn={M:rt,P:N,A:nt,C:1,L:zt,R:Pe,D:Ht,V:J,I:re,H:B,N:Re,U:Oe,B:Ce,F:Le},Ar=tt.litHtmlPolyfillSupport;Ar?.(ye,re),(tt.litHtmlVersions??=[]).push("3.3.3");var Dt=(t,e,r)=>{let n=r?.renderBefore??e,o=n._$litPart$;if(o===void 0){let i=r?.renderBefore??null;n._$litPart$=o=new re(e.insertBefore(fe(),i),i,void 0,r??{})}return o._$AI(t),o};var st=globalThis,g=class extends H{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let r=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Dt(r,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return G}};g._$litElement$=!0,g.finalized=!0,st.litElementHydrateSupport?.({LitElement:g});var Sr=st.litElementPolyfillSupport;Sr?.({LitElement:g});(st.litElementVersions??=[]).push("4.2.2");var b=t=>(e,r)=>{r!==void 0?r.addInitializer(()=>{customElements.define(t,e)}):customElements.define(t,e)};var Mr={attribute:!0,type:String,converter:ue,reflect:!1,hasChanged:Me},Tr=(t=Mr,e,r)=>{let{kind:n,metadata:o}=r,i=globalThis.litPropertyMetadata.get(o);if(i===void 0&&globalThis.litPropertyMetadata.set(o,i=new Map),n==="setter"&&((t=Object.create(t)).wrapped=!0),i.set(r.name,t),n==="accessor"){let{name:s}=r;return{set(m){let l=e.get.call(this);e.set.call(this,m),this.requestUpdate(s,l,t,!0,m)},init(m){return m!==void 0&&this.C(s,void 0,t,m),m}}}if(n==="setter"){let{name:s}=r;return function(m){let l=this[s];e.call(this,m),this.requestUpdate(s,l,t,!0,m)}}throw Error("Unsupported decorator location: "+n)};function x(t){return(e,r)=>typeof r=="object"?Tr(t,e,r):((n,o,i)=>{let s=o.hasOwnProperty(i);return o.constructor.createProperty(i,n),s?Object.getOwnPropertyDescriptor(o,i):void 0})(t,e,r)}function S(t){return x({...t,state:!0,attribute:!1})}var Y=(t,e,r)=>(r.configurable=!0,r.enumerable=!0,Reflect.decorate&&typeof e!="object"&&Object.defineProperty(t,e,r),r);function F(t,e){return(r,n,o)=>{let i=s=>s.renderRoot?.querySelector(t)??null;if(e){let{get:s,set:m}=typeof n=="object"?r:o??(()=>{let l=Symbol();return{get(){return this[l]},set($){this[l]=$}}})();return Y(r,n,{get(){let l=s.call(this);return l===void 0&&(l=i(this),(l!==null||this.hasUpdated)&&m.call(this,l)),l}})}return Y(r,n,{get(){return i(this)}})}}var w=h`
  :host { box-sizing: border-box; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, p, ul, ol, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h1, h2, h3 { font-weight: 620; letter-spacing: -0.011em; line-height: 1.2; text-wrap: balance; }
  h1 { font-size: var(--text-2xl); letter-spacing: -0.022em; }
  h2 { font-size: var(--text-l); }
  p { text-wrap: pretty; }
  a { color: var(--accent); text-underline-offset: 0.18em; }
  :focus-visible { outline: var(--focus); outline-offset: 2px; }
  .muted { color: var(--ink-2); }
  .small { font-size: var(--text-s); }
  .visually-hidden {
    position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
  }
  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation-duration: 0.01ms !important; animation-iteration-count: 1 !important; transition-duration: 0.01ms !important; }
  }
`;var Pr={mic:p`<rect x="9" y="3" width="6" height="11" rx="3"/><path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3"/>`,"mic-off":p`<path d="M15 9.5V6a3 3 0 0 0-5.8-1M9 9.5V11a3 3 0 0 0 4.2 2.75M5.5 11.5a6.5 6.5 0 0 0 9.8 5.6M18.5 11.5c0 1-.2 1.9-.6 2.7M12 18v3M4 3.5l16 17"/>`,screen:p`<rect x="3" y="4.5" width="18" height="12" rx="2"/><path d="M9 20h6M12 7.5v5.5M9.5 9.8 12 7.3l2.5 2.5"/>`,pause:p`<path d="M9 6v12M15 6v12"/>`,play:p`<path d="M8 5.5v13l10.5-6.5z"/>`,stop:p`<rect x="6.5" y="6.5" width="11" height="11" rx="2"/>`,agent:p`<circle cx="12" cy="12" r="4"/><path d="M12 3v2M12 19v2M3 12h2M19 12h2M5.6 5.6 7 7M17 17l1.4 1.4M5.6 18.4 7 17M17 7l1.4-1.4"/>`,"agent-off":p`<path d="M9.2 9.2a4 4 0 0 0 5.6 5.6M15.9 12.8A4 4 0 0 0 11.2 8.1M12 3v2M12 19v2M3 12h2M19 12h2M17 7l1.4-1.4M5.6 18.4 7 17M4 3.5l16 17"/>`,link:p`<path d="M10 14a4 4 0 0 0 6 .4l3-3a4 4 0 0 0-5.7-5.7L12 7M14 10a4 4 0 0 0-6-.4l-3 3a4 4 0 0 0 5.7 5.7L12 17"/>`,leave:p`<path d="M10 4H6.5A2.5 2.5 0 0 0 4 6.5v11A2.5 2.5 0 0 0 6.5 20H10M15 8l4 4-4 4M19 12H9.5"/>`,send:p`<path d="M12 19V5M6 11l6-6 6 6"/>`,close:p`<path d="M6 6l12 12M18 6 6 18"/>`,copy:p`<rect x="8.5" y="8.5" width="11.5" height="11.5" rx="2.5"/><path d="M15.5 5.5A2 2 0 0 0 13.5 4h-7A2.5 2.5 0 0 0 4 6.5v7a2 2 0 0 0 1.5 2"/>`,check:p`<path d="M5 12.5l4.5 4.5L19 7.5"/>`,thread:p`<path d="M4 6.5A2.5 2.5 0 0 1 6.5 4h11A2.5 2.5 0 0 1 20 6.5v7a2.5 2.5 0 0 1-2.5 2.5H11l-4.5 4v-4A2.5 2.5 0 0 1 4 13.5z"/>`,transcript:p`<path d="M6 3.5h8l4 4V18a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 6 18zM9.5 11h5M9.5 14.5h5"/>`,sun:p`<circle cx="12" cy="12" r="4"/><path d="M12 3v1.5M12 19.5V21M3 12h1.5M19.5 12H21M5.6 5.600l1.1 1.100M17.3 17.300l1.1 1.100M5.6 18.400l1.1-1.100M17.3 6.700l1.1-1.1"/>`,moon:p`<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>`,auto:p`<circle cx="12" cy="12" r="8"/><path d="M12 4a8 8 0 0 1 0 16z" fill="currentColor"/>`,info:p`<circle cx="12" cy="12" r="8.5"/><path d="M12 11v5M12 8h.01"/>`,alert:p`<path d="M12 4 3.5 19h17zM12 10v4M12 16.5h.01"/>`,volume:p`<path d="M4 10v4h3.5L12 18V6L7.5 10zM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11"/>`,download:p`<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>`,shield:p`<path d="M12 3.5 5 6v5.5c0 4.3 2.9 7.5 7 9 4.1-1.5 7-4.7 7-9V6z"/>`,door:p`<path d="M6.5 20.5V5a1.5 1.5 0 0 1 1.5-1.5h8A1.5 1.5 0 0 1 17.5 5v15.5M4 20.5h16M14 12v1"/>`,people:p`<circle cx="9" cy="8.5" r="3.5"/><path d="M3 19.5c.4-3.3 2.9-5 6-5s5.6 1.7 6 5M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 15.2c1.7.8 2.7 2.2 3 4.3"/>`,key:p`<circle cx="8" cy="15" r="4"/><path d="M11 12l8.5-8.5M16 7l3 3M13.5 9.5l1.5 1.5"/>`,person:p`<circle cx="12" cy="8" r="4"/><path d="M4.5 20.5c.5-4 3.6-6 7.5-6s7 2 7.5 6"/>`,plus:p`<path d="M12 5v14M5 12h14"/>`,chevron:p`<path d="M7 10l5 5 5-5"/>`,back:p`<path d="M19 12H5M11 6l-6 6 6 6"/>`,mail:p`<rect x="3.5" y="5.5" width="17" height="13" rx="2.5"/><path d="M4.5 7.5 12 13l7.5-5.5"/>`,phone:p`<rect x="7" y="3" width="10" height="18" rx="2.5"/><path d="M11 18h2"/>`,passkey:p`<circle cx="9.5" cy="8" r="3.8"/><path d="M3.5 20c.4-3.6 2.7-5.5 6-5.5.9 0 1.7.1 2.4.4M17.5 17v4l1.5-1.3M17.5 17a2.8 2.8 0 1 1 .02 0z"/>`,device:p`<rect x="3.5" y="5" width="17" height="11" rx="2"/><path d="M2 19.5h20"/>`,document:p`<path d="M6 3.5h8l4 4V18a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 6 18zM13.5 3.5V8H18"/>`,arrow:p`<path d="M5 12h14M13 6l6 6-6 6"/>`};function k(t,e=20){return a`<svg width=${e} height=${e} viewBox="0 0 24 24" fill="none" stroke="currentColor"
    stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${Pr[t]}</svg>`}var C=h`
  .button {
    display: inline-flex; align-items: center; justify-content: center; gap: 0.5rem;
    min-height: 2.5rem; padding: 0.5rem 0.95rem; border: 1px solid var(--line); border-radius: var(--radius-m);
    background: var(--raised); color: var(--ink); font: 560 var(--text-m)/1.2 var(--font); text-decoration: none;
    white-space: nowrap; cursor: pointer; transition: background 120ms, border-color 120ms, color 120ms, transform 80ms;
    -webkit-tap-highlight-color: transparent;
  }
  .button:hover { border-color: var(--line-strong); }
  .button:active { transform: translateY(1px); }
  .button[disabled] { opacity: 0.55; cursor: default; transform: none; border-color: var(--line); }
  .button.primary { background: var(--accent); border-color: transparent; color: var(--accent-ink); }
  .button.primary:hover:not([disabled]) { background: var(--accent-hover); }
  .button.danger { background: var(--danger-solid); border-color: transparent; color: #fff; }
  .button.danger:hover { background: var(--danger-solid-hover); }
  .button.quiet { background: transparent; border-color: transparent; color: var(--ink-2); }
  .button.quiet:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
  .button.large { min-height: 3rem; padding: 0.7rem 1.4rem; font-size: 1rem; }
  .button.wide { width: 100%; }
  .button.round { width: 2.5rem; padding: 0; border-radius: 50%; }
  .button svg { flex: none; }
`;var ne,jt,Ft,I=class extends g{constructor(){super(...arguments);v(this,ne);this.heading="";this.wide=!1}render(){return a`
      <dialog aria-labelledby="heading" @close=${P(this,ne,jt)} @click=${P(this,ne,Ft)}>
        <div class="head">
          <h2 id="heading">${this.heading}</h2>
          <button class="button quiet round" aria-label="Close" @click=${()=>this.dialog.close()}>${k("close")}</button>
        </div>
        <div class="body"><slot></slot></div>
      </dialog>
    `}firstUpdated(){this.dialog.showModal(),this.querySelector("[autofocus]")?.focus()}close(){this.dialog.close()}};ne=new WeakSet,jt=function(){this.dispatchEvent(new CustomEvent("closed"))},Ft=function(r){r.target===this.dialog&&this.dialog.close()},I.styles=[w,C,h`
      dialog {
        width: min(30rem, calc(100vw - 2rem)); max-height: min(44rem, calc(100svh - 2rem)); padding: 0;
        border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); color: var(--ink);
        box-shadow: var(--shadow-2); overflow: hidden;
      }
      :host([wide]) dialog { width: min(46rem, calc(100vw - 2rem)); }
      dialog[open] { display: flex; flex-direction: column; animation: rise 160ms ease-out; }
      dialog::backdrop { background: #050a0899; backdrop-filter: blur(3px); }
      .head { display: flex; align-items: center; gap: 1rem; padding: 1rem 1rem 0.5rem 1.5rem; }
      h2 { flex: 1; font-size: var(--text-xl); }
      .body { padding: 0.25rem 1.5rem 1.5rem; overflow: auto; }
      @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
    `],d([x()],I.prototype,"heading",2),d([x({type:Boolean,reflect:!0})],I.prototype,"wide",2),d([F("dialog")],I.prototype,"dialog",2),I=d([b("parley-dialog")],I);function It(t,e){let r=t.error??t.hint;return a`
    <div class="field ${t.error?"wrong":""}">
      <label for=${t.id}>${t.label}</label>
      ${e}
      ${r?a`<p class="note" id="${t.id}-note">${r}</p>`:c}
    </div>
  `}var Ue=h`
  .field { display: grid; gap: 0.375rem; min-width: 0; }
  .field label { font-size: var(--text-s); font-weight: 560; color: var(--ink-2); }
  .field input, .field select, .field textarea {
    width: 100%; min-width: 0; height: 2.75rem; padding: 0 0.8rem; border: 1px solid var(--line-strong);
    border-radius: var(--radius-m); background: var(--raised); color: var(--ink); font: 400 1rem/1.2 var(--font);
    transition: border-color 120ms;
  }
  .field select { text-overflow: ellipsis; }
  .field textarea { height: auto; min-height: 6rem; padding: 0.65rem 0.8rem; line-height: 1.5; resize: vertical; field-sizing: content; max-height: 24rem; }
  .field input:hover, .field select:hover, .field textarea:hover { border-color: var(--ink-3); }
  .field :is(input, select, textarea):focus-visible { outline: var(--focus); outline-offset: 0; border-color: var(--accent); }
  .field input[readonly] { background: transparent; border-color: var(--line); color: var(--ink-2); }
  .field input[type="file"] { height: auto; padding: 0.55rem 0.6rem; font-size: var(--text-m); }
  .field input::file-selector-button { margin-right: 0.8rem; padding: 0.35rem 0.75rem; border: 1px solid var(--line); border-radius: var(--radius-s); background: var(--surface); color: var(--ink); font: 560 var(--text-s)/1.2 var(--font); cursor: pointer; }
  .field input::placeholder { color: var(--ink-3); }
  .choice { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.15rem 0.7rem; align-items: start; padding: 0.5rem 0; cursor: pointer; }
  .choice input { width: 1.05rem; height: 1.05rem; margin: 0.2rem 0 0; accent-color: var(--accent); }
  .choice .small { grid-column: 2; color: var(--ink-3); }
  fieldset { margin: 0; padding: 0; border: 0; min-width: 0; }
  legend { padding: 0; margin-bottom: 0.25rem; font-size: var(--text-s); font-weight: 560; color: var(--ink-2); }
  .field .note { font-size: var(--text-s); color: var(--ink-3); }
  .field.wrong :is(input, select, textarea) { border-color: var(--danger); }
  .field.wrong .note { color: var(--danger); }
`;var Cr={info:"info",caution:"alert",error:"alert"},oe=class extends g{constructor(){super(...arguments);this.tone="info"}willUpdate(){this.role=this.tone==="error"?"alert":"status"}render(){return a`${k(Cr[this.tone]??"info",18)}
      <div class="text"><slot></slot></div>
      <slot name="action"></slot>`}};oe.styles=[w,h`
      :host {
        display: flex; align-items: center; gap: 0.7rem; padding: 0.65rem 0.9rem; border-radius: var(--radius-m);
        background: var(--accent-soft); color: var(--ink); font-size: var(--text-m); line-height: 1.4;
      }
      :host([tone="caution"]) { background: var(--caution-soft); color: var(--caution-ink); }
      :host([tone="error"]) { background: var(--danger-soft); color: var(--danger); }
      .text { flex: 1; min-width: 0; overflow-wrap: anywhere; }
      svg { flex: none; }
    `],d([x({reflect:!0})],oe.prototype,"tone",2),oe=d([b("parley-banner")],oe);var ie=class{constructor(e,r){this.busy=!1;this.failure="";this.#e=new Map;this.#t=null;this.#o=!1;this.submit=e=>{e.preventDefault(),this.busy||this.#s(e.target)};this.edited=e=>{let{name:r}=e.target;this.#e.delete(r)&&this.#r.requestUpdate()};this.#r=e,this.#n=r,e.addController(this)}#r;#n;#e;#t;#o;field(e,r){return It({...e,error:this.#e.get(e.id)},r)}error(e){return this.#e.get(e)}clear(){this.failure="",this.#e.clear(),this.#r.requestUpdate()}fail(e){this.failure=e,this.#o=!0,this.#r.requestUpdate()}banner(){return this.failure?a`<parley-banner tone="error" class="failure" tabindex="-1">${this.failure}</parley-banner>`:c}hostUpdated(){if(this.#t?.isConnected||(this.#t=this.#r.renderRoot.querySelector("form")),this.#t===null)return;for(let n of He(this.#t))this.#i(n);if(!this.#o)return;this.#o=!1;let e=He(this.#t).find(n=>this.#e.has(n.name)),r=this.#t.querySelector("[data-again]");(e??r??this.#t.querySelector(".failure"))?.focus(),e===void 0&&r?.select()}#i(e){if(e.name===""||e.type==="radio")return;e.setAttribute("aria-invalid",String(this.#e.has(e.name)));let r=`${e.id}-note`;this.#t?.querySelector(`[id="${r}"]`)?e.setAttribute("aria-describedby",r):e.removeAttribute("aria-describedby")}async#s(e){this.#t=e,this.failure="",this.#e.clear();for(let r of He(e))r.validity.valid||this.#e.set(r.name,Rr(r));if(this.#e.size>0)return this.#l();this.busy=!0,this.#r.requestUpdate();try{await this.#n(new FormData(e))}catch(r){this.#a(r,e)}finally{this.busy=!1,this.#r.requestUpdate()}}#a(e,r){let n=e instanceof _?e.field?.split(".")[0]:void 0,o=He(r).find(i=>i.name===n);o===void 0?this.failure=L(e):this.#e.set(o.name,L(e)),this.#o=!0}#l(){this.#o=!0,this.#r.requestUpdate()}};function Ne(t,e){return String(t.get(e)??"").trim()}function Bo(t,e){return String(t.get(e)??"")}function He(t){let e=r=>r instanceof HTMLInputElement||r instanceof HTMLTextAreaElement||r instanceof HTMLSelectElement;return[...t.elements].filter(e)}function Rr(t){let{validity:e}=t;return e.valueMissing?"This is needed.":e.typeMismatch&&t.type==="email"?"Write an e-mail address, such as ada@example.com.":e.tooShort&&"minLength"in t?`At least ${t.minLength} characters; there are ${t.value.length}.`:e.patternMismatch&&t.title?t.title:t.validationMessage}var qe=class{#r;#n;#e=!1;#t=0;constructor(e,r){this.#r=e,this.#n=r,e.addController(this)}hostConnected(){this.reset()}reset(){[this.#e,this.#t]=[!1,0],this.#r.requestUpdate()}render(e,r=!1){let n=e.atLeast!==void 0,o=this.#n().error(e.id),i=o??e.hint;return a`
      <div class="field ${o?"wrong":""}">
        <label for=${e.id}>${e.label}</label>
        <div class="reveal">
          <input id=${e.id} name=${e.id} type=${this.#e?"text":"password"} autocomplete=${n?"new-password":"current-password"}
            autocapitalize="off" spellcheck="false" maxlength="256" required ?autofocus=${r} ?data-again=${!n} @input=${this.#s}>
          <button type="button" aria-pressed=${this.#e} aria-controls=${e.id} @click=${this.#i}>${this.#e?"Hide":"Show"}<span class="visually-hidden"> password</span></button>
        </div>
        ${i||n?a`<p class="note" id="${e.id}-note">${i??this.#o(e.atLeast??0)}</p>`:c}
        ${n?a`<p class="visually-hidden" role="status">${this.#t>=(e.atLeast??0)?"Long enough.":""}</p>`:c}
      </div>
    `}#o(e){if(this.#t>=e)return a`<span class="kept">${k("check",15)}${this.#t} characters: long enough.</span>`;let r=this.#t===0?"":` ${this.#t} so far.`;return a`At least ${e} characters; a few words make a good one.${r}`}#i=()=>{this.#e=!this.#e,this.#r.requestUpdate()};#s=e=>{this.#t=[...e.target.value].length,this.#n().edited(e),this.#r.requestUpdate()}},Wt=h`
  .reveal { position: relative; display: grid; }
  .field .reveal input { padding-right: 4.25rem; }
  .reveal button {
    position: absolute; inset: 0.3rem 0.3rem 0.3rem auto; padding: 0 0.75rem; border: 0; border-radius: var(--radius-s);
    background: transparent; color: var(--ink-2); font: 560 var(--text-s)/1 var(--font); cursor: pointer;
  }
  .reveal button:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
  .note .kept { display: inline-flex; align-items: center; gap: 0.3rem; color: var(--accent); }
`;async function ei(t){await new Promise(e=>setTimeout(e)),t.renderRoot.querySelector("[autofocus]")?.focus()}async function ti(t){await t.updateComplete,t.renderRoot.querySelector("h1, h2")?.focus()}var Vt={auto:"light",light:"dark",dark:"auto"},Or={auto:"auto",light:"sun",dark:"moon"},Kt={auto:"as the system",light:"light",dark:"dark"};function Lr(t=Gt()){t==="auto"?delete document.documentElement.dataset.theme:document.documentElement.dataset.theme=t}function Gt(){let t=mt("theme");return t==="light"||t==="dark"?t:"auto"}var ze,Jt,se=class extends g{constructor(){super(...arguments);v(this,ze);this.theme=Gt()}render(){let r=`Theme: ${Kt[this.theme]}. Switch to ${Kt[Vt[this.theme]]}`;return a`<button class="button quiet round" aria-label=${r} title=${r} @click=${P(this,ze,Jt)}>
      ${k(Or[this.theme])}
    </button>`}};ze=new WeakSet,Jt=function(){this.theme=Vt[this.theme],pt("theme",this.theme),Lr(this.theme)},se.styles=[w,C],d([S()],se.prototype,"theme",2),se=d([b("parley-theme")],se);var Bt=class{constructor(e,r){this.value=null;this.failure="";this.isMissing=!1;this.#e=0;this.reload=async()=>{let e=this.#e+=1;try{let r=await this.#n();if(e!==this.#e)return;[this.value,this.failure]=[r,""]}catch(r){if(e!==this.#e)return;this.failure=L(r),this.isMissing=r instanceof _&&r.status===404}this.#r.requestUpdate()};this.#r=e,this.#n=r,e.addController(this)}#r;#n;#e;hostConnected(){this.reload()}render(e){return a`
      ${this.failure?a`<parley-banner tone="error">${this.failure}
        <button slot="action" type="button" class="button" @click=${this.reload}>Try again</button></parley-banner>`:c}
      ${this.value!==null?e(this.value):this.failure?c:a`<p class="loading" role="status">Loading…</p>`}
    `}};function yi(t,e,r,n){return a`<section class="part" aria-labelledby=${t}>
    <div class="about"><h2 id=${t} tabindex="-1">${e}</h2><p>${r}</p></div>
    ${n}
  </section>`}function vi(t,e){return a`<div class="empty"><strong>${t}</strong><p>${e}</p></div>`}function at(t,e){t.dispatchEvent(new CustomEvent("signed-in",{detail:e,bubbles:!0,composed:!0}))}function Yt(t){t.dispatchEvent(new CustomEvent("signed-out",{bubbles:!0,composed:!0}))}function wi(t,e){t.dispatchEvent(new CustomEvent("go-to",{detail:e,bubbles:!0,composed:!0}))}function xi(t){t.dispatchEvent(new CustomEvent("changed",{bubbles:!0,composed:!0}))}var ve=class extends g{render(){return a`
      <svg width="26" height="26" viewBox="0 0 26 26" fill="none" aria-hidden="true">
        <path class="ring" d="M13 1a12 12 0 1 1-6.2 22.300L2.2 24.6 3.4 19.900A12 12 0 0 1 13 1z" />
        <path class="voice" d="M8.5 11.500v3M11.5 8.500v9M14.5 10.500v5M17.5 12.200v1.6" stroke-width="1.8" stroke-linecap="round" />
      </svg>
      <span>Parley</span>
    `}};ve.styles=[w,h`
      :host { display: inline-flex; align-items: center; gap: 0.55rem; font-weight: 680; font-size: 1.0625rem; letter-spacing: -0.02em; }
      svg { display: block; }
      .ring { fill: var(--accent); }
      .voice { stroke: var(--accent-ink); }
    `],ve=d([b("parley-brand")],ve);var q,R,Qt,Xt,De,Q,je,Zt,er,Fe,Ie,We,be,M=class extends g{constructor(){super(...arguments);v(this,R);this.isOpen=!1;this.tenants=[];this.trouble="";this.makesNew=!1;v(this,q,new ie(this,async r=>{let n=await kt(Ne(r,"tenant"));this.makesNew=!1,at(this,n)}));v(this,De,()=>{this.isOpen=!this.isOpen,this.trouble="",this.isOpen&&P(this,R,Zt).call(this)});v(this,Q,()=>{this.isOpen=!1,this.opener.focus()});v(this,je,()=>{u(this,Q).call(this),this.makesNew=!0});v(this,Fe,async()=>{try{await wt(),Yt(this)}catch(r){this.trouble=`You are still signed in. ${L(r)}`}});v(this,Ie,r=>{r.key==="Escape"&&this.isOpen&&u(this,Q).call(this)});v(this,We,r=>{let n=r.relatedTarget;n instanceof Node&&!this.renderRoot.contains(n)&&(this.isOpen=!1)});v(this,be,r=>{this.isOpen&&!r.composedPath().includes(this)&&(this.isOpen=!1)})}connectedCallback(){super.connectedCallback(),document.addEventListener("click",u(this,be))}disconnectedCallback(){super.disconnectedCallback(),document.removeEventListener("click",u(this,be))}render(){let{tenant:r}=this.session;return a`
      <div @keydown=${u(this,Ie)} @focusout=${u(this,We)}>
        <button class="button quiet opener" aria-expanded=${this.isOpen} aria-controls="sheet" @click=${u(this,De)}>
          ${lt(r.name)}<span class="label"><span class="visually-hidden">Company: </span>${r.name}</span>${k("chevron",16)}
        </button>
        ${this.isOpen?P(this,R,Qt).call(this):c}
      </div>
      ${this.makesNew?P(this,R,Xt).call(this):c}
    `}};q=new WeakMap,R=new WeakSet,Qt=function(){let{tenant:r,name:n,email:o}=this.session,i=this.tenants.filter(s=>s.id!==r.id);return a`<div class="sheet" id="sheet">
      <p class="who"><strong>${n}</strong>${o}</p>
      ${this.trouble?a`<parley-banner tone="error">${this.trouble}</parley-banner>`:c}
      <hr>
      <button class="item" aria-current="true" @click=${u(this,Q)}>${lt(r.name)}<span class="label">${r.name}</span>${k("check",18)}</button>
      ${i.map(s=>a`<button class="item" @click=${()=>P(this,R,er).call(this,s.id)}>${lt(s.name)}<span class="label">${s.name}</span></button>`)}
      <button class="item" @click=${u(this,je)}>${k("plus",18)}<span class="label">New company</span></button>
      <hr>
      <button class="item" @click=${u(this,Fe)}>${k("leave",18)}<span class="label">Sign out</span></button>
    </div>`},Xt=function(){return a`<parley-dialog heading="New company" @closed=${()=>this.makesNew=!1}>
      <form novalidate @submit=${u(this,q).submit}>
        ${u(this,q).banner()}
        <p class="muted">It has rooms, agents and members of its own, and you are its owner. Nothing is shared between companies.</p>
        ${u(this,q).field({id:"tenant",label:"Name of the company"},a`
          <input id="tenant" name="tenant" autocomplete="organization" maxlength="200" required autofocus @input=${u(this,q).edited}>`)}
        <button class="button primary large wide" ?disabled=${u(this,q).busy}>${u(this,q).busy?"One moment…":"Make the company"}</button>
      </form>
    </parley-dialog>`},De=new WeakMap,Q=new WeakMap,je=new WeakMap,Zt=async function(){try{this.tenants=(await $t()).tenants}catch(r){this.trouble=`Your other companies could not be loaded. ${L(r)}`}},er=async function(r){try{let n=await bt(r);u(this,Q).call(this),at(this,n)}catch(n){this.trouble=L(n)}},Fe=new WeakMap,Ie=new WeakMap,We=new WeakMap,be=new WeakMap,M.styles=[w,C,Ue,h`
    :host { position: relative; min-width: 0; }
    .opener { max-width: 13rem; padding-inline: 0.6rem; }
    .opener .label { overflow: hidden; text-overflow: ellipsis; }
    .mark { display: grid; place-content: center; flex: none; width: 1.6rem; height: 1.6rem; border-radius: 0.5rem; background: var(--accent-soft); color: var(--accent); font-size: var(--text-s); font-weight: 680; }
    .sheet {
      position: absolute; right: 0; top: calc(100% + 0.4rem); z-index: 4; width: min(18rem, calc(100vw - 2rem)); padding: 0.4rem; border: 1px solid var(--line);
      border-radius: var(--radius-m); background: var(--raised); box-shadow: var(--shadow-2); animation: rise 120ms ease-out;
    }
    .who { padding: 0.5rem 0.65rem 0.6rem; font-size: var(--text-s); color: var(--ink-3); overflow-wrap: anywhere; }
    .who strong { display: block; color: var(--ink); font-size: var(--text-m); font-weight: 580; }
    hr { margin: 0.35rem 0; border: 0; border-top: 1px solid var(--line); }
    .item {
      display: flex; align-items: center; gap: 0.65rem; width: 100%; min-height: 2.5rem; padding: 0.4rem 0.65rem; border: 0; border-radius: var(--radius-s); background: none;
      color: var(--ink); font: 500 var(--text-m)/1.3 var(--font); text-align: left; cursor: pointer;
    }
    .item:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); }
    .item[aria-current] { cursor: default; }
    .item .label { flex: 1; min-width: 0; overflow-wrap: anywhere; }
    .item svg { color: var(--ink-3); }
    .item[aria-current] svg { color: var(--accent); }
    form { display: grid; gap: 1.1rem; }
    @keyframes rise { from { opacity: 0; transform: translateY(-4px); } }
    @media (max-width: 27rem) { .opener > .label { display: none; } }
  `],d([x({attribute:!1})],M.prototype,"session",2),d([S()],M.prototype,"isOpen",2),d([S()],M.prototype,"tenants",2),d([S()],M.prototype,"trouble",2),d([S()],M.prototype,"makesNew",2),d([F(".opener")],M.prototype,"opener",2),M=d([b("parley-tenant-menu")],M);function lt(t){return a`<span class="mark" aria-hidden="true">${[...t.trim()][0]?.toUpperCase()??"?"}</span>`}var Ur=[{place:"rooms",path:"/",label:"Rooms",icon:"door"},{place:"agents",path:"/agents",label:"Agents",icon:"agent"},{place:"members",path:"/members",label:"Members",icon:"people"},{place:"keys",path:"/keys",label:"Keys",icon:"key",isForAdmins:!0},{place:"account",path:"/account",label:"Account",icon:"person"}],z=class extends g{constructor(){super(...arguments);this.place="rooms";this.centred=!1}render(){let r=Ur.filter(n=>!n.isForAdmins||xt(this.session));return a`
      <header>
        <button class="skip" @click=${()=>this.main.focus()}>Skip to content</button>
        <a href="/" aria-label="Parley: home"><parley-brand></parley-brand></a>
        <nav aria-label="Main">${r.map(n=>a`
          <a href=${n.path} aria-current=${n.place===this.place?"page":c}>${k(n.icon)}<span>${n.label}</span></a>`)}
        </nav>
        <span class="space"></span>
        <parley-tenant-menu .session=${this.session}></parley-tenant-menu>
        <parley-theme></parley-theme>
      </header>
      <main tabindex="-1"><slot></slot></main>
    `}};z.styles=[w,h`
      :host { --bar: 4.1rem; display: grid; grid-template-rows: auto 1fr; min-height: 100svh; }
      header { display: flex; align-items: center; gap: 0.5rem; padding: 0.75rem clamp(1rem, 4vw, 2rem); }
      header > a { display: flex; color: inherit; text-decoration: none; border-radius: var(--radius-s); }
      .space { flex: 1; }
      nav { display: flex; gap: 0.15rem; }
      nav a { display: flex; align-items: center; gap: 0.5rem; padding: 0.5rem 0.8rem; border-radius: var(--radius-m); color: var(--ink-2); font-weight: 560; text-decoration: none; transition: background 120ms, color 120ms; }
      nav a:hover { background: color-mix(in srgb, var(--ink) 7%, transparent); color: var(--ink); }
      nav a[aria-current] { background: var(--accent-soft); color: var(--accent); }
      main { width: 100%; max-width: 66rem; margin: 0 auto; padding: clamp(1rem, 4vw, 2.5rem) clamp(1rem, 4vw, 2rem) clamp(2rem, 8vh, 6rem); min-width: 0; }
      main:focus { outline: 0; }
      :host([centred]) main { display: grid; align-items: center; justify-items: center; max-width: none; padding-top: 0.5rem; }
      main > ::slotted(*) { min-width: 0; }
      .skip { position: absolute; left: 1rem; top: -4rem; z-index: 3; padding: 0.6rem 1rem; border: 0; border-radius: var(--radius-m); background: var(--accent); color: var(--accent-ink); font: 560 var(--text-m)/1.2 var(--font); }
      .skip:focus { top: 0.75rem; }
      @media (min-width: 46rem) {
                nav { margin-left: 1.25rem; }
        nav svg { display: none; }
      }
      @media (max-width: 45.99rem) {
        main { padding-bottom: calc(var(--bar) + 2rem + env(safe-area-inset-bottom)); }
        nav {
          position: fixed; inset: auto 0 0; z-index: 2; display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: 0; padding: 0.3rem 0.3rem calc(0.3rem + env(safe-area-inset-bottom));
          border-top: 1px solid var(--line); background: color-mix(in srgb, var(--surface) 92%, transparent); backdrop-filter: blur(12px);
        }
        nav a { flex-direction: column; gap: 0.2rem; padding: 0.4rem 0.1rem; font-size: var(--text-xs); }
        nav a[aria-current] { background: none; }
      }
    `],d([x({attribute:!1})],z.prototype,"session",2),d([x()],z.prototype,"place",2),d([x({type:Boolean,reflect:!0})],z.prototype,"centred",2),d([F("main")],z.prototype,"main",2),z=d([b("parley-shell")],z);function Hr(){return typeof PublicKeyCredential=="function"&&!/^[\d.]+$|^\[/.test(location.hostname)}async function es(){return Hr()&&(await PublicKeyCredential.isConditionalMediationAvailable?.()??!1)}async function ts(t){let e=Nr(t),r=await nr(()=>navigator.credentials.create({publicKey:e})),n=r.response;return{...rr(r),response:{clientDataJSON:X(n.clientDataJSON),attestationObject:X(n.attestationObject),transports:n.getTransports?.()??[]}}}async function rs(t,e){let r=qr(t),n=e?{publicKey:r,mediation:"conditional",signal:e}:{publicKey:r},o=await nr(()=>navigator.credentials.get(n)),i=o.response;return{...rr(o),response:{clientDataJSON:X(i.clientDataJSON),authenticatorData:X(i.authenticatorData),signature:X(i.signature),userHandle:i.userHandle?X(i.userHandle):null}}}function Nr(t){return{...t,challenge:Ve(t.challenge),user:{...t.user,id:Ve(t.user.id)},excludeCredentials:(t.excludeCredentials??[]).map(tr)}}function qr(t){return{...t,challenge:Ve(t.challenge),allowCredentials:(t.allowCredentials??[]).map(tr)}}function X(t){let e=String.fromCharCode(...new Uint8Array(t));return btoa(e).replaceAll("+","-").replaceAll("/","_").replace(/=+$/,"")}function Ve(t){let e=atob(t.replaceAll("-","+").replaceAll("_","/"));return Uint8Array.from(e,r=>r.charCodeAt(0))}function tr(t){return{...t,id:Ve(t.id)}}function rr(t){return{id:t.id,rawId:X(t.rawId),type:t.type,authenticatorAttachment:t.authenticatorAttachment,clientExtensionResults:t.getClientExtensionResults()}}async function nr(t){try{let e=await t();if(e!==null)return e}catch(e){throw new _(zr(e),0,"passkey")}throw new _("No passkey was chosen.",0,"passkey")}function zr(t){switch(t instanceof DOMException?t.name:""){case"InvalidStateError":return"This device has a passkey for your account already.";case"NotAllowedError":return"No passkey was used: it was cancelled, it took too long, or there is none here.";case"SecurityError":return"Passkeys do not work at this address.";default:return"The passkey could not be used. Please try again."}}var or=(t,e)=>`/v1/${t}/${encodeURIComponent(e)}`,ss=async()=>(await f("GET","/v1/identity-providers")).data;async function as(t){return await(await ce("/v1/passkeys/challenges",t===void 0?{}:{ticket:t})).json()}var ls=t=>f("POST","/v1/sign-ups",{email:t}),ds=t=>f("GET",or("sign-ups",t)),cs=t=>U("/v1/accounts",t),ps=t=>f("POST","/v1/password-resets",{email:t}),ms=(t,e)=>f("POST","/v1/password-resets/complete",{code:t,password:e}),us=t=>f("POST","/v1/email-confirmations",{code:t}),hs=t=>f("GET",or("member-invitations/by-code",t)),fs=t=>U("/v1/member-invitations/accept",t);var vs=h`
  .card {
    width: 100%; max-width: 26rem; padding: clamp(1.25rem, 4vw, 2rem); border: 1px solid var(--line); border-radius: var(--radius-l);
    background: var(--surface); box-shadow: var(--shadow-2);
  }
  .stack { display: grid; gap: 1.1rem; }
  .card header { display: grid; gap: 0.35rem; margin-bottom: 1.4rem; }
  .card .foot { margin-top: 1.4rem; text-align: center; color: var(--ink-2); }
  .card :is(h1, h2) { font-size: var(--text-xl); letter-spacing: -0.016em; }
  .card :is(h1, h2):focus { outline: 0; }
  .with-link { position: relative; }
  .with-link > a { position: absolute; right: 0; top: 0; }
  .ways { display: grid; gap: 0.6rem; }
  .or { display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; gap: 0.8rem; color: var(--ink-3); font-size: var(--text-s); line-height: 1; }
  .or::before, .or::after { content: ""; border-top: 1px solid var(--line); }
  .plain { padding: 0; border: 0; background: none; color: var(--accent); font: inherit; text-decoration: underline; text-underline-offset: 0.18em; cursor: pointer; }
  .seal { display: grid; place-content: center; width: 3rem; height: 3rem; border-radius: 50%; background: var(--accent-soft); color: var(--accent); margin-bottom: 0.4rem; }
  .welcome { display: grid; gap: clamp(2rem, 6vw, 6rem); align-items: center; justify-items: center; width: 100%; max-width: 62rem; }
  .pitch { display: none; }
  @media (min-width: 56rem) {
    .welcome { grid-template-columns: 1fr 26rem; justify-items: stretch; }
    .pitch { display: grid; gap: 1.75rem; }
    .pitch parley-orb { margin: 0 0 -0.5rem -1.7rem; }
    .pitch h1 { font-size: clamp(2.25rem, 1rem + 2.8vw, 3.1rem); line-height: 1.06; letter-spacing: -0.035em; max-width: 13ch; }
    .pitch p { max-width: 38ch; font-size: var(--text-l); color: var(--ink-2); }
  }
`;var xs=h`
  .top { display: grid; gap: 0.4rem; padding-bottom: clamp(1.25rem, 3vw, 1.75rem); }
  .top p { max-width: 68ch; }
  h1:focus, h2:focus { outline: 0; }
  .part { display: grid; gap: 1rem; padding: clamp(1.5rem, 4vw, 2.25rem) 0; border-top: 1px solid var(--line); }
  .about { display: grid; gap: 0.4rem; align-content: start; }
  .about p { color: var(--ink-2); max-width: 46ch; }
  .panel { display: grid; gap: 1.25rem; align-content: start; align-self: start; min-width: 0; padding: clamp(1rem, 3vw, 1.5rem); border: 1px solid var(--line); border-radius: var(--radius-l); background: var(--surface); }
  .stack { display: grid; gap: 1.1rem; }
  .pair { display: grid; gap: 1.1rem; align-items: start; }
  .actions { display: flex; flex-wrap: wrap; gap: 0.6rem; align-items: center; }
  .actions.end { justify-content: flex-end; }
  .loading { color: var(--ink-3); }
  .empty { display: grid; gap: 0.2rem; color: var(--ink-2); }
  .empty strong { color: var(--ink); font-weight: 580; }

  .rows > li { display: flex; flex-wrap: wrap; align-items: center; gap: 0.6rem 1rem; padding: 0.85rem 0; }
  .rows > li + li { border-top: 1px solid var(--line); }
  .rows > li:first-child { padding-top: 0; }
  .rows > li:last-child { padding-bottom: 0; }
  .below { padding-top: 1.25rem; border-top: 1px solid var(--line); }
  .rows .what { flex: 1 1 12rem; min-width: 0; display: grid; gap: 0.15rem; }
  .rows .name { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 0.55rem; font-weight: 580; overflow-wrap: anywhere; }
  .rows .meta { font-size: var(--text-s); color: var(--ink-3); overflow-wrap: anywhere; }
  .rows .do { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.25rem; margin: 0 -0.5rem 0 auto; }
  .rows .lead { display: grid; place-content: center; flex: none; width: 2.25rem; height: 2.25rem; border-radius: 50%; background: var(--accent-soft); color: var(--accent); font-weight: 620; }
  .button.small { min-height: 2.25rem; padding: 0.4rem 0.7rem; font-size: var(--text-s); }
  .button.harm { color: var(--danger); }
  .button.harm:hover { color: var(--danger); background: var(--danger-soft); }
  .tag { padding: 0.05rem 0.5rem; border-radius: 99px; background: var(--sunken); color: var(--ink-2); font-size: var(--text-xs); font-weight: 600; line-height: 1.6; white-space: nowrap; }
  .tag.on { background: var(--accent-soft); color: var(--accent); }
  .tag.off { background: var(--caution-soft); color: var(--caution-ink); }
  .ticks { display: grid; padding-left: 1.75rem; }
  @media (min-width: 34rem) { .ticks { grid-template-columns: 1fr 1fr; column-gap: 1rem; } }
  details > summary { padding: 0.25rem 0; color: var(--ink-2); font-weight: 560; cursor: pointer; }
  details > .stack { padding-top: 0.85rem; }
  .meta { font-size: var(--text-s); color: var(--ink-3); }
  code { font: 400 0.92em/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
  @media (min-width: 34rem) { .pair { grid-template-columns: 1fr 1fr; gap: 0.9rem; } }
  @media (min-width: 58rem) { .part { grid-template-columns: 17rem minmax(0, 1fr); gap: 3rem; } }
`;async function ir(t){try{return await navigator.clipboard.writeText(t),!0}catch{return!1}}function Os(t){let e=document.createElement("parley-confirm");return e.question=t,document.body.append(e),new Promise(r=>{e.addEventListener("closed",()=>{e.remove(),r(e.isDone)})})}var Ke,T,Ge,Z=class extends g{constructor(){super(...arguments);this.isDone=!1;v(this,Ke,new qe(this,()=>u(this,T)));v(this,T,new ie(this,async r=>{let{typed:n,run:o}=this.question;if(n!==void 0&&Ne(r,"typed").toLowerCase()!==n.value.toLowerCase()){u(this,T).fail(`To go on, type “${n.value}”.`);return}await o(r),this.isDone=!0,this.dialog.close()}));v(this,Ge,()=>{this.dispatchEvent(new CustomEvent("closed"))})}render(){let{heading:r,text:n,action:o,isDangerous:i,typed:s,password:m}=this.question;return a`<parley-dialog .heading=${r} @closed=${u(this,Ge)}>
      <form novalidate @submit=${u(this,T).submit}>
        ${u(this,T).banner()}
        <div class="text">${typeof n=="string"?a`<p>${n}</p>`:n}</div>
        ${s?u(this,T).field({id:"typed",label:s.label},a`
          <input id="typed" name="typed" autocomplete="off" autocapitalize="off" spellcheck="false" required autofocus @input=${u(this,T).edited}>`):c}
        ${m?u(this,Ke).render({id:"password",...m},!0):c}
        <div class="actions">
          <button type="button" class="button" ?autofocus=${!s&&!m} @click=${()=>this.dialog.close()}>Cancel</button>
          <button class="button ${i?"danger":"primary"}" ?disabled=${u(this,T).busy}>${u(this,T).busy?"One moment…":o}</button>
        </div>
      </form>
    </parley-dialog>`}};Ke=new WeakMap,T=new WeakMap,Ge=new WeakMap,Z.styles=[w,C,Ue,Wt,h`
    form { display: grid; gap: 1.1rem; }
    .text { display: grid; gap: 0.9rem; color: var(--ink-2); }
    .actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.6rem; }
  `],d([x({attribute:!1})],Z.prototype,"question",2),d([F("parley-dialog")],Z.prototype,"dialog",2),Z=d([b("parley-confirm")],Z);var we=class extends g{render(){return a`
      <header><parley-brand></parley-brand><span class="space"></span><slot name="end"></slot><parley-theme></parley-theme></header>
      <main><slot></slot></main>
    `}};we.styles=[w,h`
      :host { display: grid; grid-template-rows: auto 1fr; min-height: 100svh; }
      header { display: flex; align-items: center; gap: 0.5rem; padding: 1rem clamp(1rem, 4vw, 2rem); }
      .space { flex: 1; }
      main { display: grid; align-items: center; justify-items: center; padding: 0.5rem clamp(1rem, 4vw, 2rem) clamp(2rem, 8vh, 6rem); min-width: 0; }
      main > ::slotted(*) { min-width: 0; }
    `],we=d([b("parley-frame")],we);var ae=class extends g{constructor(){super(...arguments);this.state="listening"}set level(r){this.style.setProperty("--level",r.toFixed(3))}render(){return a`<div class="halo"></div><div class="sweep"></div><div class="core"></div>`}};ae.styles=[w,h`
      :host { --level: 0; display: block; position: relative; width: 11rem; aspect-ratio: 1; isolation: isolate; }
      .core, .halo, .sweep { position: absolute; border-radius: 50%; }
      .core {
        inset: 17%; overflow: hidden; background: radial-gradient(circle at 32% 26%, var(--glow-2), var(--glow-1) 48%, #0b5a3c 100%);
        box-shadow: inset 0 -10px 28px #04301f80, inset 0 6px 18px #ffffff40, 0 14px 40px -16px color-mix(in srgb, var(--glow-1) 80%, transparent);
        transform: scale(calc(1 + var(--level) * 0.16)); transition: transform 90ms linear, filter 300ms, opacity 300ms;
      }
      .core::before {
        content: ""; position: absolute; inset: -30%;
        background: conic-gradient(from 0deg, transparent 0 30%, #ffffff55 42%, transparent 56% 76%, #ffffff2e 86%, transparent);
        filter: blur(10px); animation: turn 9s linear infinite;
      }
      .halo {
        inset: 4%; background: radial-gradient(circle, color-mix(in srgb, var(--glow-1) 34%, transparent) 40%, transparent 70%);
        transform: scale(calc(0.92 + var(--level) * 0.4)); transition: transform 120ms linear, opacity 300ms; z-index: -1;
      }
      .sweep { inset: 9%; border: 1.5px solid color-mix(in srgb, var(--accent) 45%, transparent); opacity: 0; transition: opacity 300ms; }
      :host([state="listening"]) .core { animation: breathe 4.5s ease-in-out infinite; }
      :host([state="speaking"]) .sweep { opacity: 1; animation: ripple 1.8s ease-out infinite; }
      :host([state="thinking"]) .core { filter: saturate(0.85) brightness(0.94); }
      :host([state="thinking"]) .core::before { animation-duration: 1.6s; }
      :host([state="thinking"]) .sweep {
        opacity: 1; border-width: 2.5px; border-color: var(--accent) transparent transparent transparent; animation: turn 1s linear infinite;
      }
      :host([state="waiting"]) .core { filter: saturate(0.5); opacity: 0.6; animation: breathe 2.4s ease-in-out infinite; }
      :host([state="waiting"]) .sweep { opacity: 1; border-style: dashed; animation: turn 12s linear infinite; }
      :host([state="absent"]) .core, :host([state="muted"]) .core { filter: grayscale(0.9); opacity: 0.42; }
      :host([state="absent"]) .halo, :host([state="muted"]) .halo { opacity: 0; }
      :host([state="absent"]) .sweep { opacity: 0.7; border-style: dashed; border-color: var(--line-strong); }
      :host([state="absent"]) .core::before, :host([state="muted"]) .core::before { animation: none; }
      @keyframes turn { to { rotate: 1turn; } }
      @keyframes breathe { 50% { transform: scale(1.035); } }
      @keyframes ripple { from { transform: scale(0.92); opacity: 0.9; } to { transform: scale(1.28); opacity: 0; } }
    `],d([x({reflect:!0})],ae.prototype,"state",2),ae=d([b("parley-orb")],ae);function sr(t,e){let r=document.createElement("a");r.href=URL.createObjectURL(t),r.download=e,r.click(),URL.revokeObjectURL(r.href)}var Je,Be,D=class extends g{constructor(){super(...arguments);this.label="";this.lines=[];this.file="";this.copied="no";v(this,Je,async()=>{this.copied=await ir(this.lines.join(`
`))?"yes":"refused",this.copied==="yes"&&setTimeout(()=>this.copied="no",2e3)});v(this,Be,()=>{sr(new Blob([this.lines.join(`
`)+`
`],{type:"text/plain"}),this.file)})}render(){return a`
      <ol aria-label=${this.label}>${this.lines.map(r=>a`<li>${r}</li>`)}</ol>
      <div class="actions">
        <button type="button" class="button" @click=${u(this,Je)}>${k(this.copied==="yes"?"check":"copy",18)}${this.copied==="yes"?"Copied":"Copy"}</button>
        ${this.file?a`<button type="button" class="button" @click=${u(this,Be)}>${k("download",18)}Download</button>`:c}
      </div>
      <p class="small muted" role="status">${this.copied==="refused"?"The browser did not allow copying. Select the text and copy it.":""}</p>
    `}};Je=new WeakMap,Be=new WeakMap,D.styles=[w,C,h`
    :host { display: grid; gap: 0.75rem; }
    ol {
      display: grid; gap: 0.35rem 1.5rem; padding: 0.9rem 1rem; border: 1px solid var(--line-strong); border-radius: var(--radius-m); background: var(--raised);
      font: 500 0.875rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; user-select: all;
    }
    .actions { display: flex; flex-wrap: wrap; gap: 0.6rem; }
  `],d([x()],D.prototype,"label",2),d([x({attribute:!1})],D.prototype,"lines",2),d([x()],D.prototype,"file",2),d([S()],D.prototype,"copied",2),D=d([b("parley-secret")],D);var Dr=5e3,dt="parley-say";function la(t){window.dispatchEvent(new CustomEvent(dt,{detail:t}))}var xe,$e,le=class extends g{constructor(){super(...arguments);this.text="";v(this,xe);v(this,$e,r=>{this.text=r.detail,clearTimeout(u(this,xe)),ct(this,xe,setTimeout(()=>this.text="",Dr))})}connectedCallback(){super.connectedCallback(),this.role="status",window.addEventListener(dt,u(this,$e))}disconnectedCallback(){super.disconnectedCallback(),window.removeEventListener(dt,u(this,$e))}render(){return this.text?a`<p>${k("check",18)}${this.text}</p>`:c}};xe=new WeakMap,$e=new WeakMap,le.styles=[w,h`
    :host { position: fixed; inset: auto 0 1.25rem; display: grid; justify-items: center; padding: 0 1rem; pointer-events: none; z-index: 5; }
    p {
      display: flex; align-items: center; gap: 0.6rem; max-width: 32rem; padding: 0.7rem 1.1rem; border-radius: 99px;
      background: var(--ink); color: var(--bg); box-shadow: var(--shadow-2); animation: rise 160ms ease-out;
    }
    svg { flex: none; }
    @media (max-width: 45.99rem) { :host { bottom: 5.25rem; } }
    @keyframes rise { from { opacity: 0; transform: translateY(8px); } }
  `],d([S()],le.prototype,"text",2),le=d([b("parley-toast")],le);var pa="lounge",jr=/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;function Fr(t){return jr.test(t)}function ar(t){let[,e="",r,...n]=t.split("/");return n.length>0?{kind:"home"}:(r===void 0||r===""?Wr(e):Vr(e,Kr(r)))??{kind:"home"}}function Ir(t){return t==="/"||ar(t).kind!=="home"}function ma(t){return`/r/${encodeURIComponent(t)}`}function ua(t){return t==="/"?"/sign-in":`/sign-in?next=${encodeURIComponent(t)}`}function ha(t,e){if(t===null||!URL.canParse(t,e))return"/";let r=new URL(t,e);return r.origin===e&&t.startsWith("/")&&Ir(r.pathname)&&ar(r.pathname).kind!=="sign-in"?r.pathname+r.search:"/"}function Wr(t){switch(t){case"sign-in":case"account":case"members":case"keys":case"agents":return{kind:t};case"sign-up":case"reset":return{kind:t,code:""};default:return null}}function Vr(t,e){switch(t){case"r":return Fr(e)?{kind:"room",room:e}:null;case"join":return{kind:"invite",code:e};case"sign-up":case"reset":case"confirm-email":case"invitation":return{kind:t,code:e};default:return null}}function Kr(t){try{return decodeURIComponent(t)}catch{return t}}var va=h`
  .line { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0.6rem; align-items: start; }
  .line > .button { min-height: 2.75rem; margin-top: 1.6rem; min-width: 5.5rem; }
`;var Gr=[["year",31536e3],["month",2592e3],["week",604800],["day",86400],["hour",3600],["minute",60]];function wa(t,e=Date.now()){let r=(Date.parse(t)-e)/1e3,n=new Intl.RelativeTimeFormat("en",{numeric:"auto"});for(let[o,i]of Gr)if(Math.abs(r)>=i)return n.format(Math.trunc(r/i),o);return r>0?"in a moment":"just now"}function xa(t){return new Date(t).toLocaleDateString("en",{dateStyle:"medium"})}function $a(t){if(t===null||t==="")return"Unknown device";let e=lr(t,[["Edg","Edge"],["OPR/","Opera"],["Firefox/","Firefox"],["FxiOS","Firefox"],["CriOS","Chrome"],["Chrome/","Chrome"],["Safari/","Safari"]]),r=lr(t,[["iPhone","iPhone"],["iPad","iPad"],["Android","Android"],["Windows","Windows"],["Mac OS X","macOS"],["CrOS","ChromeOS"],["Linux","Linux"]]);return e===null&&r===null?t.split(/[\s/]/)[0]||"Unknown device":[e??"A browser",r].filter(Boolean).join(" on ")}function lr(t,e){return e.find(([r])=>t.includes(r))?.[1]??null}export{_ as a,L as b,Ye as c,Yr as d,fr as e,f,Qr as g,Xr as h,rn as i,nn as j,on as k,sn as l,an as m,ln as n,dn as o,bt as p,wt as q,ee as r,xt as s,$t as t,un as u,hn as v,fn as w,gn as x,yn as y,vn as z,bn as A,wn as B,xn as C,$n as D,kn as E,En as F,_n as G,An as H,Sn as I,Mn as J,Tn as K,Pn as L,h as M,a as N,p as O,G as P,c as Q,Nn as R,g as S,b as T,x as U,S as V,F as W,w as X,k as Y,ir as Z,C as _,It as $,Ue as aa,ie as ba,Ne as ca,Bo as da,qe as ea,Wt as fa,Os as ga,ei as ha,ti as ia,Lr as ja,Bt as ka,yi as la,vi as ma,sr as na,at as oa,Yt as pa,wi as qa,xi as ra,la as sa,Hr as ta,es as ua,ts as va,rs as wa,pa as xa,Fr as ya,ar as za,Ir as Aa,ma as Ba,ua as Ca,ha as Da,ss as Ea,as as Fa,ls as Ga,ds as Ha,cs as Ia,ps as Ja,ms as Ka,us as La,hs as Ma,fs as Na,vs as Oa,va as Pa,xs as Qa,wa as Ra,xa as Sa,$a as Ta};
